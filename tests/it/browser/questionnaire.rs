//! Filling in an assessment in a real browser: what is answered is saved at once, and nothing that was
//! entered is lost, whatever happens to the service, the network or the window.

use crate::harness::{ADMINISTRATOR, Browser, Chromium, CommandLine, Screen, Served, TestApp};

/// An assessment that was just opened, and somebody who looks at it.
fn opened(app: &TestApp) -> (Chromium, String) {
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    let visitor = Chromium::visiting(app.base());
    visitor.goto(&address);
    (visitor, address)
}

/// A service that runs on its own, so that it can be killed, with an assessment that was just opened.
fn served() -> (CommandLine, Served, Browser, String) {
    let commands = CommandLine::new();
    let served = commands.serve();
    let client = Browser::clone(&served);
    let address = client.open(client.add_team("Payments"), "2025-Q4");
    (commands, served, client, address)
}

/// The choice of a status for the question at a place of the page.
fn choice(question: usize, status: &str) -> String {
    format!("#a{question} input[value={status}]")
}

/// What the service has for a question, as everybody else would see it.
fn recorded(app: &Browser, address: &str, question: usize) -> (String, String) {
    let page = app.visit(address);
    let form = page.form("form.questions");
    let id = page.attributes(&format!("#a{question} input[type=hidden]"), "name").remove(0);
    let id = id.strip_prefix("seen").unwrap();
    (form.value(&format!("status{id}")).to_owned(), form.value(&format!("note{id}")).to_owned())
}

#[test]
fn what_is_chosen_with_the_mouse_is_saved_at_once() {
    let app = TestApp::new();
    let (visitor, address) = opened(&app);
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Saved");
    assert_eq!(recorded(&app, &address, 0).0, "started");
    visitor.read("#answered", "1");
    visitor.read("[data-part=s0]", "1 / 6");
    visitor.click("#a0 .note summary");
    visitor.type_into("#a0 textarea", "asked Ann");
    visitor.wait_for("the note to be saved", || recorded(&app, &address, 0).1 == "asked Ann");
    visitor.read(".save-state", "Saved");
    visitor.reload();
    assert!(visitor.is_checked(&choice(0, "started")));
    assert_eq!(visitor.value("#a0 textarea"), "asked Ann");

    // Not applicable waits for its reason.
    visitor.click(&choice(1, "not_applicable"));
    visitor.type_into("#a1 .reason input", "no builds here");
    visitor.wait_for("the reason to be saved", || recorded(&app, &address, 1).0 == "not_applicable");

    // The longer texts open where one is.
    visitor.click("#a0 a.more");
    visitor.read("#a0 .more-texts", "How to assess it");
    assert_eq!(visitor.console_errors(), Vec::<String>::new());
}

#[test]
fn a_whole_part_is_answered_with_the_keyboard() {
    let app = TestApp::new();
    let (visitor, address) = opened(&app);
    for (key, digit) in [("j", "1"), ("j", "2"), ("j", "4")] {
        visitor.press(key);
        visitor.press(digit);
    }
    // Questions of a part are asked level by level.
    let order = visitor.eval("[...document.querySelectorAll('.question')].slice(0, 6).map(q => Number(q.id.slice(1)))");
    let at = |i: usize| usize::try_from(order[i].as_u64().unwrap()).unwrap();
    for (i, status) in ["not_implemented", "started", "fully_implemented"].into_iter().enumerate() {
        visitor.wait_for(status, || recorded(&app, &address, at(i)).0 == status);
    }
    visitor.press("k");
    visitor.press("0");
    visitor.wait_for("it to be taken back", || recorded(&app, &address, at(1)).0 == "unanswered");
    visitor.press("u");
    visitor.press("n");
    for key in ["o", "u", "r", "s"] {
        visitor.press(key);
    }
    visitor.wait_for("the reason to be saved", || recorded(&app, &address, at(3)).0 == "not_applicable");
    // Inside a field the same letters are text.
    assert_eq!(visitor.value(&format!("#a{} .reason input", at(3))), "ours");
    // The return key saves and stays.
    visitor.press("Enter");
    visitor.arrive_at(&format!("{address}?saved="));
    visitor.goto(&format!("{address}#a{}", at(3)));
    visitor.press("j");
    visitor.press("k");
    visitor.press("Escape");
    visitor.press("c");
    visitor.press("x");
    visitor.wait_for("the note to be saved", || recorded(&app, &address, at(3)).1 == "x");
    visitor.press("Escape");
    visitor.press("?");
    visitor.read("#keys", "next unanswered");
    visitor.press("Escape");
    visitor.press("d");
    visitor.read(&format!("#a{} .more-texts", at(3)), "What to do");
    visitor.press("/");
    assert_eq!(visitor.eval("document.activeElement.name"), "text");
    assert_eq!(visitor.console_errors(), Vec::<String>::new());
}

#[test]
fn one_part_is_unfolded_and_others_when_they_are_wanted() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    for visitor in [Chromium::visiting(app.base()), Chromium::without_javascript(app.base())] {
        visitor.resize(Screen::PHONE);
        visitor.goto(&address);
        visitor.find("#questions > .card button");
        let all = visitor.count("details.part");
        assert_eq!(visitor.count("details.part[open]"), 1);
        assert!(visitor.is_shown("#s0") && !visitor.is_shown("#s6"));
        // The way to the next part, and to a question from elsewhere.
        visitor.click("#s0 footer a");
        visitor.wait_for("the next part", || visitor.is_shown("#s6"));
        visitor.goto("/");
        visitor.goto(&format!("{address}#a30"));
        visitor.wait_for("the question", || visitor.is_shown("#a30"));
        visitor.goto("/");
        visitor.goto(&format!("{address}?show=unanswered"));
        visitor.wait_for("all of them", || visitor.count("details.part[open]") == all);
    }
}

#[test]
fn what_an_answer_builds_on_follows_what_is_saved() {
    let app = TestApp::new();
    let (visitor, address) = opened(&app);
    let needed = "document.querySelector('[data-status-of]').dataset.statusOf";
    let place = visitor
        .eval(&format!("document.getElementsByName('seen[' + {needed} + ']')[0].closest('.question').id.slice(1)"));
    let place: usize = place.as_str().unwrap().parse().unwrap();
    assert_eq!(visitor.text("[data-status-of]"), "unanswered");
    visitor.click(&choice(place, "partly_implemented"));
    visitor.read("[data-status-of]", "partly implemented");
    assert_eq!(recorded(&app, &address, place).0, "partly_implemented");
}

#[test]
fn a_plain_form_does_without_javascript() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    let visitor = Chromium::without_javascript(app.base());
    visitor.goto(&address);
    visitor.click(&choice(0, "fully_implemented"));
    visitor.click(&choice(3, "started"));
    visitor.click("#s0 footer > button");
    visitor.read(".notice", "2 answers saved.");
    assert_eq!(recorded(&app, &address, 3).0, "started");
    visitor.click("#s0 .question .beside a.more");
    visitor.goto(&format!("{address}/review"));
    visitor.click("main form button");
    visitor.arrive_at("/?team=");
}

#[test]
fn what_is_answered_while_the_service_is_down_is_saved_when_it_is_back() {
    let (commands, served, client, address) = served();
    let visitor = Chromium::visiting(served.base());
    visitor.goto(&address);
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Saved");
    let base = served.base().to_owned();
    served.kill();
    visitor.click(&choice(1, "fully_implemented"));
    visitor.click(&choice(2, "partly_implemented"));
    visitor.read(".save-state", "Not saved: no connection");
    let served = commands.serve_at(&base);
    visitor.read(".save-state", "Saved");
    assert_eq!(recorded(&client, &address, 1).0, "fully_implemented");
    assert_eq!(recorded(&client, &address, 2).0, "partly_implemented");

    // Also when the page is left meanwhile: the browser keeps it and sends it with the next visit.
    served.kill();
    visitor.click(&choice(3, "started"));
    visitor.read(".save-state", "Not saved: no connection");
    visitor.goto("data:text/html,<p>elsewhere</p>");
    let _served = commands.serve_at(&base);
    assert_eq!(recorded(&client, &address, 3).0, "unanswered");
    visitor.goto(&address);
    visitor.read(".save-state", "Saved");
    assert_eq!(recorded(&client, &address, 3).0, "started");
}

#[test]
fn a_button_waits_for_what_is_not_saved() {
    let (commands, served, client, address) = served();
    let visitor = Chromium::visiting(served.base());
    visitor.goto(&address);
    let base = served.base().to_owned();
    served.kill();
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Not saved: no connection");
    visitor.click("header button[value=review]");
    visitor.read(".save-state", "Not saved: no connection");
    assert_eq!(visitor.path(), address, "it is still on the page");
    // What was kept is sent by whatever page of the assessment comes next, also one without that question.
    visitor.goto("data:text/html,<p>elsewhere</p>");
    let served = commands.serve_at(&base);
    visitor.goto(&format!("{address}?text=pentest"));
    assert_eq!(visitor.count("#a0"), 0);
    visitor.read(".save-state", "Saved");
    assert_eq!(recorded(&client, &address, 0).0, "started");
    visitor.goto(&address);
    visitor.click(&choice(1, "started"));
    visitor.read(".save-state", "Saved");
    served.kill();
    visitor.click("header button[value=review]");
    visitor.read(".save-state", "Not sent: no connection");
    assert_eq!(visitor.path(), address, "nor is anybody sent to a page of the browser when nothing waits");
    let _served = commands.serve_at(&base);
    visitor.click("header button[value=review]");
    visitor.arrive_at(&format!("{address}/review"));
    assert_eq!(recorded(&client, &address, 1).0, "started");
}

#[test]
fn a_service_that_hangs_is_as_good_as_one_that_is_down() {
    let (_commands, served, client, address) = served();
    let visitor = Chromium::visiting(served.base());
    visitor.goto(&address);
    served.pause();
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Not saved: no connection");
    // It may have been recorded all the same, and what is entered next is not a conflict with oneself.
    visitor.click(&choice(0, "fully_implemented"));
    served.resume();
    visitor.read(".save-state", "Saved");
    visitor.wait_for("the last of both", || recorded(&client, &address, 0).0 == "fully_implemented");
    assert_eq!(visitor.count(".live"), 0);
}

#[test]
fn going_back_shows_what_is_recorded_now() {
    let app = TestApp::new();
    let (visitor, address) = opened(&app);
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Saved");
    visitor.goto("/teams");
    let asked = app.visit(&address).asked("main");
    let first = app.visit(&address).attributes("#a0 input[type=hidden]", "name").remove(0);
    let id = asked.iter().find(|id| first.contains(*id)).unwrap();
    app.answer(&address, &[(id, "fully_implemented")]);
    visitor.eval("history.back()");
    visitor.arrive_at(&address);
    visitor.wait_for("what is recorded", || visitor.is_checked(&choice(0, "fully_implemented")));
    visitor.click("#a0 .note summary");
    visitor.type_into("#a0 textarea", "later");
    visitor.wait_for("the note", || recorded(&app, &address, 0).1 == "later");
    assert_eq!(recorded(&app, &address, 0).0, "fully_implemented");
}

#[test]
fn several_quick_keys_are_no_conflict_with_oneself() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let before = app.open(team, "2026-Q3");
    let asked = app.visit(&before).asked("main");
    let answers: Vec<(&str, &str)> = asked.iter().take(6).map(|id| (id.as_str(), "started")).collect();
    app.answer(&before, &answers);
    app.hand_in(&before);
    let address = app.open(team, "2026-Q4");
    let visitor = Chromium::visiting(app.base());
    visitor.goto(&address);
    for keys in ["jyy", "j3y", "jy4", "j2343y", "jy"] {
        for key in keys.chars() {
            visitor.press(&key.to_string());
        }
    }
    visitor.read(".save-state", "Saved");
    visitor.wait_for("one that is not confirmed", || {
        app.visit(&format!("{address}?show=unconfirmed")).asked("main").len() == 1
    });
    assert_eq!(visitor.count(".live"), 0);
    let id = visitor.eval("document.querySelectorAll('.question')[3].id.slice(1)");
    assert_eq!(recorded(&app, &address, id.as_str().unwrap().parse().unwrap()).0, "partly_implemented");
}

#[test]
fn what_was_not_saved_before_somebody_submitted_is_shown() {
    let app = TestApp::new();
    let (visitor, address) = opened(&app);
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Saved");
    // Without a reason this is kept in the browser only.
    visitor.click(&choice(1, "not_applicable"));
    visitor.read(".save-state", "say why it does not apply");
    app.hand_in(&address);
    visitor.reload();
    visitor.read(".unsaved", "not applicable");
    visitor.click(".unsaved button");
    visitor.reload();
    assert!(!visitor.is_shown(".unsaved"));
}

#[test]
fn two_people_who_answer_the_same_see_both_versions() {
    let app = TestApp::new();
    let (one, address) = opened(&app);
    let two = one.another();
    two.goto(&address);
    one.click(&choice(0, "started"));
    one.read(".save-state", "Saved");
    two.click(&choice(0, "fully_implemented"));
    two.read("#a0 .live", "Started");
    two.read("#a0 .live", "You answered: Fully implemented");
    // Going back to what was there before is no way around it.
    two.click(&choice(0, "unanswered"));
    two.read("#a0 .live", "You answered: Unanswered");
    two.click(&choice(0, "fully_implemented"));
    two.read("#a0 .live", "You answered: Fully implemented");
    assert_eq!(recorded(&app, &address, 0).0, "started", "nothing is overwritten unseen");
    // What is answered elsewhere meanwhile is saved all the same.
    two.click(&choice(1, "started"));
    two.wait_for("the other answer", || recorded(&app, &address, 1).0 == "started");
    two.click("#a0 .live button:first-of-type");
    two.wait_for("theirs on the page", || two.is_checked(&choice(0, "started")));
    assert_eq!(two.count("#a0 .live"), 0);

    two.click(&choice(0, "partly_implemented"));
    two.read(".save-state", "Saved");
    one.click(&choice(0, "fully_implemented"));
    one.click("#a0 .live button:last-of-type");
    one.wait_for("mine to be saved", || recorded(&app, &address, 0).0 == "fully_implemented");
    one.reload();
    assert!(one.is_checked(&choice(1, "started")), "each sees what the other saved");
}

#[test]
fn what_was_taken_over_is_confirmed_with_a_click_or_a_key_and_then_submitted_and_locked() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let before = app.open(team, "2026-Q3");
    let asked = app.visit(&before).asked("main");
    app.answer(&before, &[(&asked[0], "started"), (&asked[1], "started")]);
    app.hand_in(&before);
    let address = app.open(team, "2026-Q4");
    let visitor = Chromium::visiting(app.base());
    visitor.goto(&address);
    visitor.click("#a0 .beside button.link");
    visitor.read(".save-state", "Saved");
    assert_eq!(visitor.count("legend .state.draft"), 1);
    visitor.press("j");
    visitor.wait_for("the other to be confirmed", || {
        visitor.press("y");
        visitor.count("legend .state.draft") == 0 || {
            visitor.press("j");
            false
        }
    });
    assert_eq!(app.visit(&format!("{address}?show=unconfirmed")).asked("main").len(), 0);
    visitor.click("header button[value=review]");
    visitor.arrive_at(&format!("{address}/review"));
    visitor.click("main form button");
    visitor.arrive_at("/?team=");
    visitor.goto(&address);
    assert_eq!(visitor.count(".questions input, .questions button"), 0);
    assert_eq!(visitor.console_errors(), Vec::<String>::new());
}

#[test]
fn a_phone_shows_all_of_it() {
    let app = TestApp::demo();
    let address = app.open(app.team("Data and Forecasting"), "2026-Q4");
    let visitor = Chromium::visiting(app.base());
    let asked = app.visit(&address).asked("main");
    let question = format!("{address}/questions/{}", asked[0]);
    let pages = [&address, &format!("{address}/review"), &question, "/assessments/new", "/import", "/evidence/new"];
    for screen in [Screen::DESKTOP, Screen::PHONE] {
        visitor.resize(screen);
        for path in pages {
            visitor.goto(path);
            let sideways = visitor.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(sideways, 0, "{path} on {screen:?}");
        }
    }
    visitor.goto(&address);
    visitor.click(&choice(2, "started"));
    visitor.read(".save-state", "Saved");
    visitor.click("#a2 a.more");
    visitor.read("#a2 .more-texts", "What it is");
    let sideways = visitor.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(sideways, 0);
    assert_eq!(visitor.console_errors(), Vec::<String>::new());
}

#[test]
fn what_is_answered_after_the_session_ended_is_saved_after_signing_in_again() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    let (name, password) = ADMINISTRATOR;
    let visitor = Chromium::visiting(app.base());
    visitor.goto(&address);
    visitor.click(&choice(0, "started"));
    visitor.read(".save-state", "Saved");
    app.post("/account/sessions", &[]).location();
    visitor.click(&choice(1, "fully_implemented"));
    visitor.read(".save-state", "you are not signed in any more");
    assert_eq!(recorded(&app, &address, 1).0, "unanswered");
    visitor.click(".save-state button");
    visitor.arrive_at("/sign-in?next=");
    visitor.type_into("input[name=name]", name);
    visitor.type_into("input[name=password]", password);
    visitor.click("main button");
    visitor.arrive_at(&address);
    visitor.read(".save-state", "Saved");
    assert_eq!(recorded(&app, &address, 1).0, "fully_implemented");

    // Somebody else in the same browser is neither shown nor sent what the one before left.
    app.post("/account/sessions", &[]).location();
    visitor.click(&choice(2, "fully_implemented"));
    visitor.read(".save-state", "you are not signed in any more");
    app.person("Bob", &["--role", "administrator"]);
    visitor.goto("/sign-in");
    visitor.type_into("input[name=name]", "Bob");
    visitor.type_into("input[name=password]", password);
    visitor.click("main button");
    visitor.wait_for("the dashboard", || visitor.path() == "/");
    visitor.goto(&address);
    visitor.find(&choice(2, "unanswered"));
    assert!(visitor.is_checked(&choice(2, "unanswered")));

    // And signing out leaves nothing behind.
    visitor.click(".side > .account button");
    visitor.arrive_at("/sign-in");
    assert_eq!(visitor.eval("localStorage.length"), 0);
}
