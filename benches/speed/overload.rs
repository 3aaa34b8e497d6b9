//! Far more at once than can be done: what cannot be done soon is refused soon, and all is well afterwards.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Size;
use super::client::get;
use super::figures::{Durations, megabytes, shown, table};
use super::savers::{Fate, Saver, lost_in, places};
use super::service::{Copy, Service, memory};

/// What became of many saves, and how long each took.
pub(crate) type Fates = BTreeMap<Fate, Vec<Duration>>;

/// Lets everybody save without thinking until it is over.
pub(crate) fn rush(
    service: &Service,
    cookie: &str,
    savers: Vec<Saver>,
    over: &AtomicBool,
    meanwhile: impl FnOnce(),
) -> (Vec<Saver>, Fates) {
    std::thread::scope(|scope| {
        let people: Vec<_> = savers
            .into_iter()
            .map(|mut saver| {
                scope.spawn(move || {
                    let (mut visitor, mut fates) = (service.visitor(), Fates::new());
                    while !over.load(Ordering::Relaxed) {
                        let (fate, took) = saver.save(&mut visitor, cookie);
                        fates.entry(fate.clone()).or_default().push(took);
                        if matches!(fate, Fate::Broken(_)) {
                            // Nobody can try a thousand times a second to reach what is not there.
                            std::thread::sleep(Duration::from_millis(20));
                        }
                    }
                    (saver, fates)
                })
            })
            .collect();
        meanwhile();
        over.store(true, Ordering::Relaxed);
        let (mut savers, mut all) = (Vec::new(), Fates::new());
        for person in people {
            let (saver, fates) = person.join().unwrap();
            savers.push(saver);
            for (fate, durations) in fates {
                all.entry(fate).or_default().extend(durations);
            }
        }
        (savers, all)
    })
}

/// Prints what became of saves.
pub(crate) fn tell(title: &str, fates: &Fates, time: Duration) {
    let row = |(fate, durations): (&Fate, &Vec<Duration>)| {
        let durations: Durations = durations.iter().copied().collect();
        let rate = durations.count() as f64 / time.as_secs_f64();
        let word = match fate {
            Fate::Acknowledged => "acknowledged".to_owned(),
            Fate::PutOff => "503 with Retry-After".to_owned(),
            Fate::Failed(status) => format!("answered {status}"),
            Fate::Broken(kind) => format!("not answered: {kind:?}"),
        };
        let (median, slow, worst) = (durations.median(), durations.at(0.99), durations.worst());
        vec![word, durations.count().to_string(), format!("{rate:.0}"), shown(median), shown(slow), shown(worst)]
    };
    table(title, &["saves", "number", "per second", "p50", "p99", "worst"], &fates.iter().map(row).collect::<Vec<_>>());
}

pub(crate) fn run(copy: &Copy, size: &Size) {
    let savers: Vec<Saver> = places(copy, size.crowd).into_iter().map(Saver::new).collect();
    let mut service = copy.serve();
    let cookie = service.sign_in();
    let over = AtomicBool::new(false);
    let mut reads = Vec::new();
    let began = Instant::now();
    let (savers, fates) = rush(&service, &cookie, savers, &over, || {
        let mut visitor = service.visitor();
        while began.elapsed() < size.rush {
            let asked = Instant::now();
            let status = visitor.must(&get("/", &cookie)).status;
            reads.push((status, asked.elapsed()));
        }
    });
    let time = began.elapsed();
    tell(&format!("Overload: {} people save without thinking for {}", size.crowd, shown(size.rush)), &fates, time);
    let dashboards: Durations = reads.iter().filter(|(status, _)| *status == 200).map(|(_, took)| *took).collect();
    println!(
        "\nThe dashboard meanwhile: {} times in p50 {}, p99 {}, worst {}; refused {} times",
        dashboards.count(),
        shown(dashboards.median()),
        shown(dashboards.at(0.99)),
        shown(dashboards.worst()),
        reads.len() - dashboards.count()
    );
    // Once nobody rushes any more.
    let mut visitor = service.visitor();
    let ended = Instant::now();
    assert_eq!(visitor.must(&get("/", &cookie)).status, 200);
    let page = ended.elapsed();
    let ready = visitor.must(&get("/readyz", "")).status;
    let (now, peak) = memory(service.process());
    println!(
        "Afterwards: the dashboard in {}, /readyz {ready}, resident {}, at most {}",
        shown(page),
        megabytes(now),
        megabytes(peak)
    );
    service.stop();
    let (acknowledged, lost) = lost_in(copy, &savers);
    println!("{acknowledged} saves were acknowledged; answers lost: {}", lost.len());
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(ready, 200);
}
