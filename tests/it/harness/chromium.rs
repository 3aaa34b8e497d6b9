//! A real browser: Chromium, driven through chromedriver with the WebDriver protocol. That is JSON
//! over HTTP, which the clients that the tests have anyway can speak.
//!
//! Whatever acts on an element waits for it, at most [`PATIENCE`]; everything else that takes time is
//! waited for with [`Chromium::wait_for`]. So no test sleeps, and none depends on how fast a machine is.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ADMINISTRATOR, Browser};

/// How long something that must happen may take. Generous, since it is only spent when a test fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to rest between two looks.
const REST: Duration = Duration::from_millis(15);
/// The name that WebDriver gives to references to elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A screen to read on, in CSS pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen(pub(crate) u32, pub(crate) u32);

impl Screen {
    /// That of a usual laptop.
    pub(crate) const DESKTOP: Self = Self(1280, 900);
    /// That of a small phone.
    pub(crate) const PHONE: Self = Self(360, 740);
}

/// Somebody who visits a service with a browser of their own: nothing is shared with other visitors,
/// no cookies either.
pub(crate) struct Chromium {
    driver: Rc<Driver>,
    /// The address of the session at the driver.
    session: String,
    /// Scheme, host and port of the service.
    base: String,
    _profile: TempDir,
}

/// What the driver says when it cannot do something.
struct Refusal {
    kind: String,
    message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl Refusal {
    /// Whether it may be different in a moment: an element that is not there yet or is hidden, or one of
    /// a page that was just left.
    fn is_passing(&self) -> bool {
        let passing =
            ["no such element", "stale element reference", "element not interactable", "element click intercepted"];
        passing.contains(&self.kind.as_str())
    }
}

impl Chromium {
    /// A browser that visits the service at this address.
    pub(crate) fn visiting(base: &str) -> Self {
        let browser = Self::of_a_stranger(base);
        browser.sign_in();
        browser
    }

    /// A browser that runs no scripts of pages.
    pub(crate) fn without_javascript(base: &str) -> Self {
        let browser = Self::open(Rc::new(Driver::start()), base);
        browser.develop("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        browser.sign_in();
        browser
    }

    /// A browser of somebody who is not signed in.
    pub(crate) fn of_a_stranger(base: &str) -> Self {
        Self::open(Rc::new(Driver::start()), base)
    }

    /// The browser of somebody else who visits the same service.
    pub(crate) fn another(&self) -> Self {
        let browser = self.stranger();
        browser.sign_in();
        browser
    }

    /// The browser of somebody else who is not signed in.
    pub(crate) fn stranger(&self) -> Self {
        Self::open(Rc::clone(&self.driver), &self.base)
    }

    fn open(driver: Rc<Driver>, base: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let data = format!("--user-data-dir={}", profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // A page that scrolls smoothly is not yet where the driver clicks.
            "--force-prefers-reduced-motion",
            &data,
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let address = format!("{}/session", driver.address);
        let opened =
            driver.ask("POST", &address, Some(&wanted)).unwrap_or_else(|no| panic!("Chromium does not start: {no}"));
        let session = format!("{address}/{}", opened["sessionId"].as_str().unwrap());
        let browser = Self { driver, session, base: base.to_owned(), _profile: profile };
        browser.resize(Screen::DESKTOP);
        browser
    }

    /// Signs in as [`ADMINISTRATOR`], where the service asks for that.
    pub(crate) fn sign_in(&self) {
        self.goto("/sign-in");
        // The demo asks nobody to sign in.
        if self.path() == "/sign-in" {
            let (name, password) = ADMINISTRATOR;
            let signed_in = Browser::new(&self.base).try_sign_in(name, password);
            let cookie = signed_in.header("set-cookie");
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            let cookie = json!({ "cookie": { "name": name, "value": value, "httpOnly": true } });
            self.must("POST", "cookie", Some(&cookie));
        }
    }

    /// Reads on another screen from now on.
    pub(crate) fn resize(&self, Screen(width, height): Screen) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.develop("Emulation.setDeviceMetricsOverride", &metrics);
        self.wait_for("the other screen", || self.run("return innerWidth", &Value::Null) == json!(width));
    }

    /// Loads a page of the service, or what another address says.
    pub(crate) fn goto(&self, path: &str) {
        let address = if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() };
        self.must("POST", "url", Some(&json!({ "url": address })));
        self.wait_for_page();
    }

    /// Loads the page again.
    pub(crate) fn reload(&self) {
        self.must("POST", "refresh", Some(&json!({})));
        self.wait_for_page();
    }

    /// Waits until the page is there with its scripts: on a busy machine the driver may be back before that.
    fn wait_for_page(&self) {
        self.wait_for("the whole page", || self.run("return document.readyState", &Value::Null) == "complete");
    }

    /// The path of the page that is shown, with what follows it.
    pub(crate) fn path(&self) -> String {
        let address = self.must("GET", "url", None);
        let address = address.as_str().unwrap();
        address.strip_prefix(&self.base).unwrap_or_else(|| panic!("{address} is not of the service")).to_owned()
    }

    /// Waits until the page is one whose path begins like this: a click may return before that.
    pub(crate) fn arrive_at(&self, path: &str) {
        self.wait_for(path, || self.path().starts_with(path));
    }

    /// Waits until an element is there.
    pub(crate) fn find(&self, css: &str) {
        self.on(css, "GET", "name", None);
    }

    /// Waits until an element shows a text.
    pub(crate) fn read(&self, css: &str, text: &str) {
        self.wait_for(&format!("“{text}” in {css}"), || {
            let element = self.element(css);
            let shown = element.and_then(|element| self.session("GET", &format!("element/{element}/text"), None));
            shown.is_ok_and(|shown| shown.as_str().is_some_and(|shown| shown.contains(text)))
        });
    }

    /// How many elements there are now.
    pub(crate) fn count(&self, css: &str) -> usize {
        let wanted = json!({ "using": "css selector", "value": css });
        self.must("POST", "elements", Some(&wanted)).as_array().unwrap().len()
    }

    /// Clicks an element with the mouse. The page it leads to may take another moment.
    pub(crate) fn click(&self, css: &str) {
        self.on(css, "POST", "click", Some(&json!({})));
    }

    /// Writes into a field, over what it holds.
    pub(crate) fn type_into(&self, css: &str, text: &str) {
        self.on(css, "POST", "clear", Some(&json!({})));
        self.on(css, "POST", "value", Some(&json!({ "text": text })));
    }

    /// Presses a key, wherever the focus is: `j`, `Enter`, `Shift+Tab`.
    pub(crate) fn press(&self, keys: &str) {
        let keys: Vec<&str> = if keys == "+" { vec!["+"] } else { keys.split('+').collect() };
        let keys: Vec<String> = keys.into_iter().map(key).collect();
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": down.chain(up).collect::<Vec<_>>() });
        self.must("POST", "actions", Some(&json!({ "actions": [keyboard] })));
    }

    /// What an element shows. What is hidden is not part of it.
    pub(crate) fn text(&self, css: &str) -> String {
        self.on(css, "GET", "text", None).as_str().unwrap().to_owned()
    }

    /// An attribute of an element, as the page was sent or as scripts have left it.
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.on(css, "GET", &format!("attribute/{name}"), None).as_str().map(str::to_owned)
    }

    /// What a field holds now.
    pub(crate) fn value(&self, css: &str) -> String {
        self.on(css, "GET", "property/value", None).as_str().unwrap().to_owned()
    }

    /// Whether a box is ticked, or one of several choices taken.
    pub(crate) fn is_checked(&self, css: &str) -> bool {
        self.on(css, "GET", "selected", None).as_bool().unwrap()
    }

    /// Whether an element is there now and can be seen.
    pub(crate) fn is_shown(&self, css: &str) -> bool {
        let Ok(element) = self.element(css) else { return false };
        self.session("GET", &format!("element/{element}/displayed"), None).is_ok_and(|shown| shown == json!(true))
    }

    /// The value of an expression of JavaScript on the page.
    pub(crate) fn eval(&self, expression: &str) -> Value {
        let script = json!({ "script": format!("return ({expression})"), "args": [] });
        self.must("POST", "execute/sync", Some(&script))
    }

    /// The value of statements of JavaScript on the page, waited for where it is a promise. They find what they
    /// are given in `given`.
    pub(crate) fn run(&self, statements: &str, given: &Value) -> Value {
        let script = json!({ "script": format!("const [given] = arguments; {statements}"), "args": [given] });
        self.must("POST", "execute/sync", Some(&script))
    }

    /// Runs a script on every page that is loaded from now on, before those of the page, and whatever the page
    /// lets run.
    pub(crate) fn bring_along(&self, script: &str) {
        self.develop("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    }

    /// Prefers light pages or dark ones from now on.
    pub(crate) fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.develop("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Shows pages as they look on paper from now on.
    pub(crate) fn on_paper(&self) {
        self.develop("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// Prints the page on paper of a size in centimetres, and gives the number of sheets.
    pub(crate) fn printed(&self, (width, height): (f64, f64)) -> usize {
        let paper = json!({ "page": { "width": width, "height": height }, "background": false });
        let pdf = self.must("POST", "print", Some(&paper));
        // The catalog of pages is not compressed, and browsers can read what comes as Base64.
        let sheets = self.eval(&format!("atob({pdf}).match(/\\/Type\\s*\\/Page\\b(?!s)/g).length"));
        usize::try_from(sheets.as_u64().unwrap()).unwrap()
    }

    /// What the console said since it was asked last, without mere remarks.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        let said = self.must("POST", "se/log", Some(&json!({ "type": "browser" })));
        let said = said.as_array().unwrap().iter();
        let errors = said.filter(|entry| ["SEVERE", "WARNING"].contains(&entry["level"].as_str().unwrap()));
        errors.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until something is so.
    pub(crate) fn wait_for(&self, what: &str, is_so: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(Instant::now() < until, "waited in vain for {what}; {}", self.state());
            std::thread::sleep(REST);
        }
    }

    /// Does something with an element as soon as it can be done.
    fn on(&self, css: &str, method: &str, what: &str, body: Option<&Value>) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let done = self.element(css).and_then(|id| self.session(method, &format!("element/{id}/{what}"), body));
            match done {
                Ok(value) => return value,
                Err(no) if no.is_passing() && Instant::now() < until => std::thread::sleep(REST),
                Err(no) => panic!("{css}, {what}: {no}; {}", self.state()),
            }
        }
    }

    /// The reference to the first element that a selector finds.
    fn element(&self, css: &str) -> Result<String, Refusal> {
        let found = self.session("POST", "element", Some(&json!({ "using": "css selector", "value": css })))?;
        Ok(found[ELEMENT].as_str().unwrap().to_owned())
    }

    /// Where the browser is and what it shows, for the message of a test that failed.
    fn state(&self) -> String {
        let address = self.session("GET", "url", None).unwrap_or_default();
        let shown = self.element("body").and_then(|body| self.session("GET", &format!("element/{body}/text"), None));
        format!("{address} shows: {}", shown.unwrap_or_default().as_str().unwrap_or_default())
    }

    /// Does what only the tools of developers can.
    fn develop(&self, command: &str, parameters: &Value) {
        self.must("POST", "goog/cdp/execute", Some(&json!({ "cmd": command, "params": parameters })));
    }

    fn session(&self, method: &str, what: &str, body: Option<&Value>) -> Result<Value, Refusal> {
        self.driver.ask(method, &format!("{}/{what}", self.session), body)
    }

    fn must(&self, method: &str, what: &str, body: Option<&Value>) -> Value {
        self.session(method, what, body).unwrap_or_else(|no| panic!("{what}: {no}"))
    }
}

impl Drop for Chromium {
    /// Closes the browser, before its profile is removed and its driver goes.
    fn drop(&mut self) {
        let _ = self.driver.ask("DELETE", &self.session, None);
    }
}

/// A key as WebDriver wants it: characters are themselves, others have a place in Unicode.
fn key(name: &str) -> String {
    let code = match name {
        "Backspace" => '\u{E003}',
        "Tab" => '\u{E004}',
        "Enter" => '\u{E007}',
        "Shift" => '\u{E008}',
        "Control" => '\u{E009}',
        "Alt" => '\u{E00A}',
        "Escape" => '\u{E00C}',
        "Space" => ' ',
        "ArrowLeft" => '\u{E012}',
        "ArrowUp" => '\u{E013}',
        "ArrowRight" => '\u{E014}',
        "ArrowDown" => '\u{E015}',
        _ if name.chars().count() == 1 => return name.to_owned(),
        _ => panic!("no key is called {name}"),
    };
    code.to_string()
}

/// A running chromedriver, on a port of its own.
struct Driver {
    child: Child,
    address: String,
    agent: ureq::Agent,
    /// Kept open: the driver would fail when it has nowhere to write.
    _messages: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts one. It takes a port for two families of addresses, and gives up where another program has it for one of
    /// them: then another start has another port.
    fn start() -> Self {
        (0..10).find_map(|_| Self::try_to_start()).unwrap_or_else(|| panic!("chromedriver ends before it is ready"))
    }

    fn try_to_start() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("these tests need the packages chromium and chromium-driver, which tests/run installs: {error}")
        });
        let mut messages = BufReader::new(child.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            if messages.read_line(&mut line).unwrap() == 0 {
                child.wait().unwrap();
                return None;
            }
            if let Some((_, port)) = line.trim_end().trim_end_matches('.').rsplit_once("successfully on port ") {
                break port.to_owned();
            }
        };
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = config.timeout_global(Some(Duration::from_secs(60))).build().new_agent();
        Some(Self { child, address: format!("http://127.0.0.1:{port}"), agent, _messages: messages })
    }

    /// Gives a command, and takes what it gives back.
    fn ask(&self, method: &str, address: &str, body: Option<&Value>) -> Result<Value, Refusal> {
        let request = ureq::http::Request::builder().method(method).uri(address);
        let answer = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json; charset=utf-8");
                self.agent.run(request.body(body.to_string()).unwrap())
            }
            None => self.agent.run(request.body(()).unwrap()),
        };
        let gone = |error: ureq::Error| Refusal { kind: "no answer".to_owned(), message: error.to_string() };
        let text = answer.map_err(gone)?.body_mut().read_to_string().map_err(gone)?;
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(kind) => {
                let message = value["message"].as_str().unwrap_or_default();
                Err(Refusal { kind: kind.to_owned(), message: message.lines().next().unwrap_or_default().to_owned() })
            }
            None => Ok(value),
        }
    }
}

impl Drop for Driver {
    /// The browsers are closed by now; each knows its driver.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
