//! `/assessments/{id}` beyond saving: opening for many, confirming, setting several, undoing, taking
//! answers from other teams, reopening, and saving in the background.

use crate::harness::{Browser, Form, Page, TestApp, activity_ids};

/// An assessment of this quarter that took over two answers of the one before.
fn carried(app: &TestApp, team: i64) -> (String, Vec<String>) {
    let before = app.open(team, "2026-Q3");
    let asked = app.visit(&before).asked("main");
    app.answer(&before, &[(&asked[0], "fully_implemented"), (&asked[1], "started")]);
    app.hand_in(&before);
    (app.open(team, "2026-Q4"), asked)
}

/// The words beside the question about an activity.
fn words_of(page: &Page, activity: &str) -> String {
    let index = page.asked("main").iter().position(|id| id == activity).unwrap();
    page.texts("fieldset.question")[index].clone()
}

/// Sends fields as the script does.
fn in_background(app: &Browser, address: &str, fields: &[(&str, &str)]) -> Page {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            format!("{}={encoded}", name.replace('[', "%5B").replace(']', "%5D"))
        })
        .collect();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    app.send("POST", &format!("{address}/answers"), &headers, Some(body.join("&").as_bytes())).unwrap()
}

fn status(app: &Browser, address: &str, activity: &str) -> String {
    app.visit(address).form("form.questions").value(&format!("status[{activity}]")).to_owned()
}

fn press(app: &Browser, address: &str, change: impl FnOnce(&mut Form), button: &str) -> Page {
    let mut form = app.visit(address).form("form.questions");
    change(&mut form);
    form.press("button", button);
    app.submit(&form)
}

#[test]
fn a_quarter_is_opened_for_many_and_only_once_for_each() {
    let app = TestApp::new();
    let (one, two) = (app.add_team("One"), app.add_team("Two"));
    let (address, asked) = carried(&app, one);
    let ids = [one, two].map(|id| id.to_string());
    let form = app.visit("/assessments/new?period=2026-Q4").form("main form[action='/assessments']");
    let offered: Vec<&str> = form.fields.iter().filter(|(name, _)| name == "team").map(|(_, id)| id.as_str()).collect();
    assert_eq!(offered, [ids[1].as_str()], "who has one is not offered");
    let many = [("many", "yes"), ("period", "2026-Q4"), ("team", &ids[0]), ("team", &ids[1])];
    assert_eq!(app.post("/assessments", &many).location(), "/assessments?period=2026-Q4");
    assert_eq!(app.open(one, "2026-Q4"), address, "it is the same one");
    assert_eq!(app.visit("/assessments").row("Two")[1], "Draft");
    assert!(app.visit("/assessments/new").words("main").contains("Every team has its assessment of 2026-Q4"));

    // Blank begins with nothing, whatever was said before.
    let three = app.add_team("Three");
    let before = app.open(three, "2026-Q2");
    app.answer(&before, &[(&asked[0], "started")]);
    app.hand_in(&before);
    let blank = app.post("/assessments", &[("period", "2026-Q3"), ("team", &three.to_string()), ("from", "blank")]);
    assert_eq!(status(&app, &blank.location(), &asked[0]), "unanswered");

    // A retired team is not offered in later quarters, and not opened for either.
    app.post(&format!("/teams/{three}/retire"), &[]).location();
    assert_eq!(
        app.visit("/assessments/new?period=2026-Q4").select("input[name=team]").len(),
        1,
        "it counts this quarter"
    );
    let later = app.a_quarter_later();
    assert!(later.visit("/assessments/new").texts(".checks label").iter().all(|team| team != "Three"));
    let refused = later.post("/assessments", &[("period", "2027-Q1"), ("team", &three.to_string())]).expect_status(422);
    assert!(
        refused.words("main").contains("Three is retired and not assessed in 2027-Q1"),
        "{}",
        refused.words("main")
    );

    let refused = app.post("/assessments", &[("many", "yes"), ("period", "2026-Q4")]).expect_status(422);
    assert!(refused.words("main").contains("choose at least one team"), "{}", refused.words("main"));
    app.add_team("Four");
    let four = app.add_team("Five").to_string();
    let refused = app
        .post("/assessments", &[("many", "yes"), ("period", "2026-Q3"), ("team", &four), ("from", "elsewhere")])
        .expect_status(422);
    let form = refused.form("main form.card");
    let chosen: Vec<&str> = form.fields.iter().filter(|(name, _)| name == "team").map(|(_, id)| id.as_str()).collect();
    assert_eq!(chosen, [four.as_str()], "what was chosen is chosen still");
    app.post("/assessments", &[("period", "2026-Q4"), ("team", &ids[0]), ("from", "elsewhere")]).expect_status(422);
}

#[test]
fn what_was_taken_over_is_confirmed_one_by_one_or_by_part() {
    let app = TestApp::new();
    let (address, asked) = carried(&app, app.add_team("Payments"));
    let page = app.visit(&address);
    assert!(words_of(&page, &asked[0]).contains("not yet confirmed"));
    assert!(words_of(&page, &asked[0]).contains("2026-Q3: Fully implemented"), "what the assessment before said");
    assert!(page.words(".contents").contains("2 to confirm"), "{}", page.words(".contents"));
    assert_eq!(app.visit(&format!("{address}?show=unconfirmed")).asked("main"), asked[..2]);
    let part = page.attributes("footer button[value^=confirm-s]", "value").remove(0);

    let button = page.attributes("button[value^=confirm-a]", "value").remove(0);
    let confirmed = press(&app, &address, |_| (), &button);
    assert!(confirmed.location().contains("saved=1&undo="), "{}", confirmed.location());
    let page = app.visit(&address);
    assert!(!words_of(&page, &asked[0]).contains("not yet confirmed"));
    assert!(words_of(&page, &asked[1]).contains("not yet confirmed"));

    // A change that stands on the page is saved before the rest is confirmed.
    let rest = press(&app, &address, |form| form.choose(&format!("status[{}]", asked[2]), "started"), &part);
    assert!(rest.location().contains("saved=2&undo="), "what was confirmed before is not again: {}", rest.location());
    assert_eq!(app.visit(&format!("{address}?show=unconfirmed")).asked("main").len(), 0);
    assert_eq!(status(&app, &address, &asked[2]), "started");
    let history = app.visit(&format!("{address}/questions/{}", asked[1])).texts("#history tbody tr");
    assert_eq!(history.len(), 3, "taken over, confirmed, and what the quarter before said: {history:?}");
    assert!(history[1].contains("not yet confirmed") && history[1].contains("changed since"), "{history:?}");
}

#[test]
fn several_are_set_at_once_and_undone() {
    let app = TestApp::new();
    let (address, asked) = carried(&app, app.add_team("Payments"));
    let part = app.visit(&address).attributes("footer button[value^=set-s]", "value").remove(0);
    let name = |field: &str| format!("{field}[{}]", part.strip_prefix("set-").unwrap());
    let set = |picked: &[&String], status: &str, reason: &str| {
        press(
            &app,
            &address,
            |form| {
                picked.iter().for_each(|id| form.press("pick", id));
                form.choose(&name("set-status"), status);
                form.fill(&name("set-reason"), reason);
            },
            &part,
        )
    };
    let done = set(&[&asked[0], &asked[2]], "partly_implemented", "");
    let page = app.follow(&done);
    assert!(page.words(".notice").starts_with("2 answers saved. Undo"), "{}", page.words(".notice"));
    assert_eq!(status(&app, &address, &asked[0]), "partly_implemented");
    assert_eq!(status(&app, &address, &asked[2]), "partly_implemented");
    assert_eq!(status(&app, &address, &asked[1]), "started", "what was not selected stays");

    let undone = app.submit(&page.form("form.undo"));
    assert!(undone.location().ends_with("?saved=2"), "{}", undone.location());
    let page = app.visit(&address);
    assert_eq!(page.form("form.questions").value(&format!("status[{}]", asked[0])), "fully_implemented");
    assert!(words_of(&page, &asked[0]).contains("not yet confirmed"), "as it was before");
    assert_eq!(status(&app, &address, &asked[2]), "unanswered");

    // What was changed on the page and then set with the others goes back to what it was before both.
    let change = |form: &mut Form| {
        form.press("pick", &asked[1]);
        form.choose(&format!("status[{}]", asked[1]), "partly_implemented");
        form.choose(&name("set-status"), "fully_implemented");
    };
    let page = app.follow(&press(&app, &address, change, &part));
    assert_eq!(status(&app, &address, &asked[1]), "fully_implemented");
    app.submit(&page.form("form.undo")).location();
    assert_eq!(status(&app, &address, &asked[1]), "started");

    // Whoever answered since is not overwritten by an undo.
    let page = app.follow(&set(&[&asked[0], &asked[2]], "started", ""));
    app.answer(&address, &[(&asked[2], "fully_implemented")]);
    app.submit(&page.form("form.undo")).location();
    assert_eq!(status(&app, &address, &asked[0]), "fully_implemented");
    assert_eq!(status(&app, &address, &asked[2]), "fully_implemented");
    app.submit(&page.form("form.undo")).expect_status(409);

    let refused = set(&[&asked[0]], "not_applicable", "").expect_status(422);
    assert!(refused.words(".notice.bad").contains("not applicable needs a reason"), "{}", refused.words(".notice.bad"));
    assert!(refused.words("section#s0 .bulk .fault").contains("needs a reason"), "it stands at its field");
    let again = refused.form("form.questions");
    assert!(again.fields.contains(&("pick".into(), asked[0].clone())), "and nothing has to be selected again");
    assert_eq!(again.value(&name("set-status")), "not_applicable");
    let refused = set(&[], "started", "").expect_status(422);
    assert!(refused.words(".notice.bad").contains("select the questions first"));

    // What somebody else answered since the page was loaded is neither set nor confirmed unseen.
    let mut stale = app.visit(&address).form("form.questions");
    app.answer(&address, &[(&asked[1], "fully_implemented")]);
    stale.press("pick", &asked[1]);
    stale.press("button", &part);
    let refused = app.submit(&stale).expect_status(409);
    assert!(refused.words(".notice.bad").contains("Somebody else changed these answers"));
    assert_eq!(status(&app, &address, &asked[1]), "fully_implemented");
    // The page shows what is recorded, so saving it changes nothing, and what was selected is selected still.
    let again = refused.form("form.questions");
    assert_eq!(again.value(&format!("status[{}]", asked[1])), "fully_implemented");
    assert!(again.fields.contains(&("pick".into(), asked[1].clone())));
    app.submit(&again).location();
    assert_eq!(status(&app, &address, &asked[1]), "fully_implemented");
    set(&[&asked[0]], "not_applicable", "no containers here").location();
    assert_eq!(status(&app, &address, &asked[0]), "not_applicable");
    app.post(&format!("{address}/undo"), &[("range", "1-x")]).expect_status(400);
}

#[test]
fn questions_are_narrowed_down_and_a_save_stays_there() {
    let app = TestApp::demo();
    let address = app.open(app.team("Data and Forecasting"), "2026-Q4");
    let all = app.visit(&address).asked("main");
    assert_eq!(all.len(), activity_ids().len());
    let asked = |query: &str| app.visit(&format!("{address}?{query}")).asked("main");
    let unanswered = asked("show=unanswered");
    let form = app.visit(&address).form("form.questions");
    let is_open = |id: &&String| form.value(&format!("status[{id}]")) == "unanswered";
    assert_eq!(unanswered.len(), all.iter().filter(is_open).count());
    assert_eq!(asked("capability=organic").len() + asked("capability=tooling").len(), activity_ids().len());
    let organic = asked("capability=organic&lens=do+right");
    assert!(!organic.is_empty() && organic.len() < asked("capability=organic").len());
    assert!(asked("text=threat+modeling").len() >= 4);
    let stage = asked("show=stage");
    assert!(!stage.is_empty() && stage.len() < activity_ids().len(), "{}", stage.len());
    assert!(!asked("show=changed").is_empty());
    assert!(app.visit(&format!("{address}?text=xyzzy")).words("main").contains("0 questions are like that"));
    assert_eq!(asked("show=nonsense").len(), activity_ids().len());

    let path = format!("{address}?show=unanswered");
    let mut form = app.visit(&path).form("form.questions");
    form.choose(&format!("status[{}]", unanswered[0]), "started");
    let saved = app.submit(&form).location();
    assert!(saved.starts_with(&format!("{path}&saved=1&undo=")), "{saved}");
    assert_eq!(asked("show=unanswered").len(), unanswered.len() - 1);
}

#[test]
fn an_answer_is_taken_from_another_team_and_follows_it_until_submitted() {
    let app = TestApp::new();
    let (platform, shop, search) = (app.add_team("Platform"), app.add_team("Shop"), app.add_team("Search"));
    let provider = app.open(platform, "2026-Q4");
    let (first, second) = (app.open(shop, "2026-Q4"), app.open(search, "2026-Q4"));
    let asked = app.visit(&provider).asked("main");
    let id = &asked[0];
    let question = |address: &str| format!("{address}/questions/{id}");
    let take = |address: &str, from: i64| {
        let seen = app.visit(&question(address)).attributes("#provider input[name=seen]", "value");
        let seen = seen.first().map_or("0", String::as_str);
        app.post(&format!("{}/provider", question(address)), &[("provider", &from.to_string()), ("seen", seen)])
    };
    let refused = take(&first, platform).expect_status(422);
    assert!(
        refused.words("#provider, .notice").contains("Platform has not answered this in 2026-Q4"),
        "{}",
        refused.words("main")
    );
    app.answer(&provider, &[(id, "started")]);
    assert!(app.visit(&question(&first)).words("#provider option").contains("Platform: Started"));
    take(&first, platform).location();
    assert_eq!(status(&app, &first, id), "started");
    assert!(words_of(&app.visit(&first), id).contains("inherited from Platform"));
    assert!(words_of(&app.visit(&provider), id).contains("1 team inherits it from here"));
    assert!(app.visit(&question(&provider)).words("#provider").contains("Inherited from here by Shop"));

    assert!(app.visit(&format!("/teams/{platform}")).words("#relying li").starts_with("Shop : 1 activity"));
    assert!(app.visit(&format!("/teams/{shop}")).words("#relying").contains("No team inherits an answer from Shop"));

    // There is one hop and no circle.
    let refused = take(&second, shop).expect_status(422);
    assert!(refused.words("main").contains("Shop itself inherits this answer from another team"));
    app.answer(&second, &[(id, "fully_implemented")]);
    let refused = take(&provider, search).expect_status(422);
    assert!(refused.words("main").contains("other teams inherit this answer from here"));
    assert!(take(&first, shop).expect_status(422).words("main").contains("from itself"));

    // It follows, also when the provider's answer is undone or set in bulk, and stops to when submitted.
    app.answer(&provider, &[(id, "partly_implemented")]);
    assert_eq!(status(&app, &first, id), "partly_implemented");
    app.hand_in(&first);
    app.answer(&provider, &[(id, "fully_implemented")]);
    let csv = app.visit(&format!("/export/answers.csv?team={shop}"));
    assert!(csv.text().contains(",partly_implemented,,,Platform"), "{}", csv.text());

    // Reopened, it says what the provider says by now. Who answers by hand does not follow any more.
    app.post(&format!("{first}/reopen"), &[("reason", "a mistake")]).location();
    assert_eq!(status(&app, &first, id), "fully_implemented");
    app.answer(&first, &[(id, "not_implemented")]);
    app.answer(&provider, &[(id, "started")]);
    assert_eq!(status(&app, &first, id), "not_implemented", "who answers by hand does not follow any more");
    let stale =
        app.post(&format!("{}/provider", question(&first)), &[("provider", &platform.to_string()), ("seen", "1")]);
    assert!(
        stale.expect_status(409).words("main").contains("Somebody else changed"),
        "nor is an answer taken over one unseen"
    );
}

#[test]
fn no_way_leads_to_answers_that_are_taken_on_and_on() {
    let app = TestApp::new();
    let (one, two) = (app.add_team("One"), app.add_team("Two"));
    let (first, second) = (app.open(one, "2026-Q4"), app.open(two, "2026-Q4"));
    let id = app.visit(&first).asked("main").remove(0);
    let take = |address: &str, from: i64| {
        let path = format!("{address}/questions/{id}");
        let mut form = app.visit(&path).form("#provider form");
        form.choose("provider", &from.to_string());
        app.submit(&form).location()
    };
    let from = |address: &str| {
        let words = words_of(&app.visit(address), &id);
        (words.contains("from One"), words.contains("from Two"))
    };
    app.answer(&second, &[(&id, "started")]);
    take(&first, two);
    let mut form = app.visit(&first).form("form.questions");
    form.choose(&format!("status[{id}]"), "fully_implemented");
    let by_hand = app.follow(&app.submit(&form));
    take(&second, one);
    app.submit(&by_hand.form("form.undo")).location();
    assert_eq!((from(&first), from(&second)), ((false, false), (true, false)), "an undo makes no circle");

    // In the next quarter the provider takes it from somewhere itself: then it is taken over without a provider.
    let app_later = app.a_quarter_later();
    let three = app.add_team("Three");
    app.answer(&first, &[(&id, "partly_implemented")]);
    app.hand_in(&first);
    app.hand_in(&second);
    let next = |team: i64| app_later.open(team, "2027-Q1");
    let (third, first_again) = (next(three), next(one));
    app_later.answer(&third, &[(&id, "not_implemented")]);
    let mut form = app_later.visit(&format!("{first_again}/questions/{id}")).form("#provider form");
    form.choose("provider", &three.to_string());
    app_later.submit(&form).location();
    let words = words_of(&app_later.visit(&next(two)), &id);
    assert!(words.contains("not yet confirmed") && !words.contains("from One"), "{words}");
    assert_eq!(status(&app_later, &next(two), &id), "not_implemented", "with what the provider says by then");

    let csv = |rows: &[(&str, &str)]| {
        let rows: Vec<String> =
            rows.iter().map(|(team, from)| format!("{team},2026-Q3,{id},started,{from}\n")).collect();
        format!("team,period,activity_id,status,inherited_from\n{}", rows.concat())
    };
    app.commands().write("circle.csv", csv(&[("One", "Two"), ("Two", "One")]));
    let message = app.commands().run(&["import", "circle.csv"]).expect_failure();
    assert!(
        message.contains("circle.csv:2: inherited_from: that team itself inherits this answer from another"),
        "{message}"
    );
    app.commands().write("hop.csv", csv(&[("One", "Two"), ("Two", ""), ("Three", "One")]));
    app.commands().run(&["import", "hop.csv"]).expect_failure();
    app.commands().write("good.csv", csv(&[("One", "Two"), ("Two", "")]));
    app.commands().run(&["import", "good.csv"]).expect_done();
    // What an import changes the drafts follow that it does not speak of.
    app.commands().write("two.csv", csv(&[("Two", "")]).replace("started", "fully_implemented"));
    app.commands().run(&["import", "two.csv"]).expect_done();
    let csv = app.visit("/export/answers.csv?period=2026-Q3");
    assert_eq!(csv.text().matches(",fully_implemented,").count(), 2, "{}", csv.text());
}

#[test]
fn what_was_answered_after_the_review_is_looked_at_first() {
    let app = TestApp::new();
    let (address, asked) = carried(&app, app.add_team("Payments"));
    let review = app.visit(&format!("{address}/review")).form("main form");
    app.answer(&address, &[(&asked[3], "started")]);
    let refused = app.submit(&review).expect_status(409);
    assert!(refused.words("main").contains("nswers were changed since you loaded the review"));
    app.submit(&app.visit(&format!("{address}/review")).form("main form")).location();
}

#[test]
fn what_is_taken_from_another_team_is_taken_over_with_what_that_team_says_by_then() {
    let app = TestApp::new();
    let (platform, shop) = (app.add_team("Platform"), app.add_team("Shop"));
    let (provider, first) = (app.open(platform, "2026-Q3"), app.open(shop, "2026-Q3"));
    let id = app.visit(&provider).asked("main").remove(0);
    app.answer(&provider, &[(&id, "started")]);
    let provider_field = [("provider", &*platform.to_string())];
    app.post(&format!("{first}/questions/{id}/provider"), &provider_field).location();
    app.hand_in(&provider);
    app.hand_in(&first);
    let provider = app.open(platform, "2026-Q4");
    app.answer(&provider, &[(&id, "fully_implemented")]);
    let next = app.open(shop, "2026-Q4");
    assert_eq!(status(&app, &next, &id), "fully_implemented");
    let words = words_of(&app.visit(&next), &id);
    assert!(words.contains("inherited from Platform") && words.contains("not yet confirmed"), "{words}");
}

#[test]
fn saving_in_the_background_is_small_and_says_what_became_of_it() {
    let app = TestApp::new();
    let (address, asked) = carried(&app, app.add_team("Payments"));
    let field = |name: &str, i: usize| format!("{name}[{}]", asked[i]);
    let seen = |i: usize| app.visit(&address).form("form.questions").value(&field("seen", i)).to_owned();
    let seen_first = seen(0);
    let send = |i: usize, seen: &str, status: &str, note: &str| {
        let fields = ["touched".to_owned(), field("seen", i), field("status", i), field("reason", i), field("note", i)];
        let values = ["yes", seen, status, "", note];
        let pairs: Vec<(&str, &str)> = fields.iter().map(String::as_str).zip(values).collect();
        in_background(&app, &address, &pairs)
    };
    let saved = send(0, &seen_first, "partly_implemented", "noted").expect_status(200);
    assert!(saved.body.len() < 500, "one small answer: {}", saved.body.len());
    let json = saved.json();
    let same = send(0, &seen_first, "partly_implemented", "noted").expect_status(200).json();
    assert_eq!(same["unchanged"][&asked[0]], json["answers"][&asked[0]], "a repetition is told what is recorded");
    assert_eq!((json["answered"].as_u64(), json["level"].as_u64()), (Some(2), Some(0)));
    assert_eq!(json["answers"][&asked[0]].as_i64().unwrap().to_string(), seen(0));
    assert_eq!(status(&app, &address, &asked[0]), "partly_implemented");

    // Somebody who saw the record before that one is told both versions, and nothing is overwritten.
    let json = send(0, &seen_first, "not_implemented", "").expect_status(409).json();
    let theirs = &json["conflicts"][0];
    assert_eq!((theirs["status"].as_str(), theirs["note"].as_str()), (Some("partly_implemented"), Some("noted")));
    assert_eq!(theirs["revision"].as_i64().unwrap().to_string(), seen(0));
    // Also who goes back to what they saw changes what somebody else answered since.
    send(0, &seen_first, "fully_implemented", "").expect_status(409);
    assert_eq!(status(&app, &address, &asked[0]), "partly_implemented");

    for (status, note, message) in [
        ("no_such_step", "", "is not a status"),
        ("not_applicable", "", "needs a reason"),
        ("started", &*"x".repeat(1_000_000), "at most 10000 characters"),
        ("started", "bell\u{7}", "no control"),
        ("started", "turn\u{202E}ed", "direction-changing"),
    ] {
        let json = send(1, &seen(1), status, note).expect_status(422).json();
        assert!(json["faults"][0]["message"].as_str().unwrap().contains(message), "{json}");
    }
    assert_eq!(status(&app, &address, &asked[1]), "started", "nothing of it was recorded");
    app.hand_in(&address);
    let late = send(1, &seen_first, "started", "").expect_status(409);
    assert!(late.json()["message"].as_str().unwrap().contains("is submitted and does not change"));
}

#[test]
fn an_administrator_reopens_with_a_reason_that_stays() {
    let app = TestApp::new();
    let (address, asked) = carried(&app, app.add_team("Payments"));
    app.post(&format!("{address}/reopen"), &[("reason", "early")]).expect_status(409);
    app.hand_in(&address);
    let refused = app.post(&format!("{address}/reopen"), &[("reason", "  ")]).expect_status(422);
    assert!(refused.words("#reopen .fault").contains("say why"), "{}", refused.words("main"));
    let mut form = app.visit(&address).form(&format!("form[action='{address}/reopen']"));
    form.fill("reason", "the <scan> was of the wrong branch");
    assert_eq!(app.submit(&form).location(), address);
    let page = app.visit(&address);
    assert!(page.words(".state.draft").contains("Draft"));
    assert!(page.words(".notice").contains("by Ada: the <scan> was of the wrong branch"), "{}", page.words(".notice"));
    app.answer(&address, &[(&asked[0], "started")]);
    app.hand_in(&address);
    assert!(app.visit(&address).words(".notice").contains("wrong branch"), "it stays on record");
}

#[test]
fn the_review_says_what_is_different_and_what_is_doubtful() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let (address, asked) = carried(&app, team);
    let mut form = app.visit(&address).form("form.questions");
    form.choose(&format!("status[{}]", asked[0]), "not_implemented");
    form.choose(&format!("status[{}]", asked[1]), "fully_implemented");
    form.choose(&format!("status[{}]", asked[2]), "not_applicable");
    form.fill(&format!("reason[{}]", asked[2]), "nothing is built here");
    app.submit(&form).location();
    let review = app.visit(&format!("{address}/review"));
    let words = review.words("main");
    for part in [
        "Since 2026-Q3 : 3 changes",
        "Lowered: 1",
        "Fully implemented → Not implemented",
        "Raised: 1",
        "Started → Fully implemented",
        "Not applicable now: 1",
        "nothing is built here",
        "1 activity is said to be done without valid evidence",
        "1 answer has risen from next to nothing to done",
        "1 answer has fallen from done to next to nothing",
        "191 activities are unanswered",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    app.post(
        "/evidence",
        &[("title", "Scan"), ("recorded_on", "2026-11-01"), ("team", &team.to_string()), ("activity", &asked[1])],
    )
    .location();
    let words = app.visit(&format!("{address}/review")).words("main");
    assert!(!words.contains("without valid evidence") && !words.contains("risen from next to nothing"), "{words}");
    assert!(words_of(&app.visit(&address), &asked[1]).contains("1 evidence"));
    let question = app.visit(&format!("{address}/questions/{}", asked[1]));
    assert!(question.words("#evidence").contains("Scan valid recorded 1 Nov 2026"), "{}", question.words("#evidence"));
}

#[test]
fn a_question_has_a_page_of_its_own_where_it_can_be_answered() {
    let app = TestApp::new();
    let (address, asked) = carried(&app, app.add_team("Payments"));
    let path = format!("{address}/questions/{}", asked[0]);
    let page = app.visit(&path);
    assert_eq!(page.select(".texts section").len(), 4);
    let mut form = page.form("form.questions");
    form.choose(&format!("status[{}]", asked[0]), "not_applicable");
    let refused = app.submit(&form).expect_status(422);
    assert!(refused.words(".notice.bad").contains("needs a reason"));
    assert_eq!(refused.select("form.questions .question").len(), 1, "it is the same page still");
    form.fill(&format!("reason[{}]", asked[0]), "because");
    let saved = app.submit(&form);
    assert!(saved.location().starts_with(&format!("{path}?saved=1")), "{}", saved.location());
    assert!(app.follow(&saved).words("#history").contains("Not applicable: because"));
    app.get(&format!("{address}/questions/nothing")).expect_status(404);
}

#[test]
fn the_whole_questionnaire_is_small_on_the_way() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let before = app.open(team, "2026-Q3");
    let asked = app.visit(&before).asked("main");
    let answers: Vec<(&str, &str)> = asked.iter().map(|id| (id.as_str(), "partly_implemented")).collect();
    app.answer(&before, &answers);
    app.hand_in(&before);
    let address = app.open(team, "2026-Q4");
    let compressed = app.send("GET", &address, &[("accept-encoding", "gzip")], None).unwrap();
    assert_eq!((compressed.status, compressed.header("content-encoding")), (200, "gzip"));
    assert!(compressed.body.len() < 60_000, "{} bytes", compressed.body.len());
    let plain = app.visit(&address);
    assert_eq!((plain.asked("main").len(), plain.header("content-encoding")), (activity_ids().len(), ""));
}

#[test]
fn a_file_is_looked_at_before_it_is_imported() {
    let app = TestApp::new();
    let (_, asked) = carried(&app, app.add_team("Payments"));
    let send = |content: &str| {
        let boundary = "----cairn";
        let body = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\ncontent-type: text/csv\r\n\r\n{content}\r\n--{boundary}--\r\n"
        );
        let kind = format!("multipart/form-data; boundary={boundary}");
        let headers = [("content-type", kind.as_str()), ("sec-fetch-site", "same-origin")];
        app.send("POST", "/import", &headers, Some(body.as_bytes())).unwrap()
    };
    let before = app.visit("/export/answers.csv").body;
    let csv = format!("team,period,activity_id,status,note\r\nShop,2026-Q4,{},started,\"two\r\nlines\"\r\n", asked[0]);
    let preview = send(&csv).expect_status(200);
    let words = preview.words("main");
    assert!(words.contains("1 team added: Shop") && words.contains("1 answer recorded"), "{words}");
    assert_eq!(app.visit("/export/answers.csv").body, before, "nothing is changed yet");
    assert_eq!(app.submit(&preview.form("main form[action='/import/confirm']")).location(), "/assessments");
    assert!(app.visit("/export/answers.csv").text().contains("Shop,2026-Q4"));

    let refused = send("team,period,activity_id,status\nShop,2026-Q9,x,started\n").expect_status(422);
    assert!(refused.words(".notice.bad").contains("a.csv:2: period"), "{}", refused.words(".notice.bad"));
    send("").expect_status(422);
    send(&"x".repeat(2_000_000)).expect_status(413);
    app.post("/import", &[("file", "x")]).expect_status(415);
}
