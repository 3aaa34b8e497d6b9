//! Many people who read and save, with time to think in between, for a while.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Size;
use super::client::get;
use super::figures::{Durations, megabytes, shown, table, verdict};
use super::pages::PAGES;
use super::savers::{Fate, Saver, draw, lost_in, places};
use super::service::{Copy, Service, memory};

/// Of ten things that somebody does so many are saves.
const SAVES: u64 = 3;

/// How many times the memory of half of the time may be resident at its end.
const FLAT: f64 = 1.1;

/// What happened, and how long each took.
#[derive(Default)]
struct Happened {
    reads: Vec<Duration>,
    saves: Vec<Duration>,
    faults: BTreeMap<String, usize>,
}

/// Lets people work for the time of the soak, and looks at the memory meanwhile.
pub(crate) fn run(copy: &Copy, size: &Size) {
    let savers: Vec<Saver> = places(copy, size.people).into_iter().map(Saver::new).collect();
    let mut service = copy.serve();
    let cookies: Vec<String> = (0..size.people).map(|_| service.sign_in()).collect();
    let (over, happened) = (AtomicBool::new(false), Mutex::new(Happened::default()));
    let began = Instant::now();
    let mut seen = Vec::new();
    let savers = std::thread::scope(|scope| {
        let people: Vec<_> = (0_u64..)
            .zip(savers)
            .map(|(person, mut saver)| {
                let (service, over, happened) = (&service, &over, &happened);
                let cookie = cookies[usize::try_from(person).unwrap() % cookies.len()].as_str();
                let size = *size;
                scope.spawn(move || {
                    work(service, cookie, person, &mut saver, &size, over, happened);
                    saver
                })
            })
            .collect();
        while began.elapsed() < size.soak {
            let next = size.look * u32::try_from(seen.len() + 1).unwrap();
            std::thread::sleep(next.min(size.soak).saturating_sub(began.elapsed()));
            seen.push((began.elapsed(), memory(service.process())));
        }
        over.store(true, Ordering::Relaxed);
        people.into_iter().map(|person| person.join().unwrap()).collect::<Vec<Saver>>()
    });
    let seconds = began.elapsed().as_secs_f64();
    service.stop();
    let happened = happened.into_inner().unwrap();
    let row = |what: &str, durations: Vec<Duration>| {
        let durations: Durations = durations.into_iter().collect();
        let (median, slow, worst) = (durations.median(), durations.at(0.99), durations.worst());
        let rate = durations.count() as f64 / seconds;
        vec![
            what.to_owned(),
            durations.count().to_string(),
            format!("{rate:.1}"),
            shown(median),
            shown(slow),
            shown(worst),
        ]
    };
    let rows = [row("pages", happened.reads), row("saved answers", happened.saves)];
    let title = format!("Soak: {} people for {}", size.people, shown(size.soak));
    table(&title, &["", "number", "per second", "p50", "p99", "worst"], &rows);
    let rows: Vec<_> =
        seen.iter().map(|(after, (now, peak))| vec![shown(*after), megabytes(*now), megabytes(*peak)]).collect();
    table("Memory meanwhile", &["after", "resident", "at most"], &rows);
    if let (Some((_, (half, _))), Some((_, (end, _)))) = (seen.get(seen.len() / 2), seen.last()) {
        let ratio = *end as f64 / *half as f64;
        println!(
            "\nat the end {ratio:.2} times as much as after half of it; at most {FLAT}: {}",
            verdict(ratio <= FLAT)
        );
    }
    let (acknowledged, lost) = lost_in(copy, &savers);
    println!("\n{acknowledged} saves were acknowledged; answers lost: {}; faults: {:?}", lost.len(), happened.faults);
    assert!(lost.is_empty(), "{lost:?}");
    assert!(happened.faults.is_empty());
}

/// What one person does: think, then read a page or save an answer.
fn work(
    service: &Service,
    cookie: &str,
    person: u64,
    saver: &mut Saver,
    size: &Size,
    over: &AtomicBool,
    happened: &Mutex<Happened>,
) {
    let mut visitor = service.visitor();
    let mut own = Happened::default();
    let (team, assessment) = (saver.place.team, saver.place.assessment);
    let mut pages: Vec<String> = PAGES.map(str::to_owned).to_vec();
    pages.extend([format!("/?team={team}"), format!("/gaps?team={team}"), format!("/assessments/{assessment}")]);
    for n in 0.. {
        let thought = size.thought.mul_f64(draw([person, 2 * n], 1_000) as f64 / 1_000.0);
        std::thread::sleep(thought);
        if over.load(Ordering::Relaxed) {
            break;
        }
        let what = draw([person, 2 * n + 1], 10_000);
        if what % 10 < SAVES {
            match saver.save(&mut visitor, cookie) {
                (Fate::Acknowledged, took) => own.saves.push(took),
                (fate, _) => *own.faults.entry(format!("save: {fate:?}")).or_default() += 1,
            }
        } else {
            let page = &pages[usize::try_from(what / 10).unwrap() % pages.len()];
            let began = Instant::now();
            match visitor.ask(&get(page, cookie)) {
                Ok(answer) if answer.status == 200 => own.reads.push(began.elapsed()),
                Ok(answer) => *own.faults.entry(format!("read: {}", answer.status)).or_default() += 1,
                Err(error) => *own.faults.entry(format!("read: {:?}", error.kind())).or_default() += 1,
            }
        }
    }
    let mut all = happened.lock().unwrap();
    all.reads.extend(own.reads);
    all.saves.extend(own.saves);
    for (fault, count) in own.faults {
        *all.faults.entry(fault).or_default() += count;
    }
}
