//! Somebody who visits a service. Redirects are not followed unless asked for, since where they
//! lead is part of what the tests look at.

use ureq::http::{Method, Request};

use super::{ADMINISTRATOR, Form, Page};

/// The largest answer that is read.
const MAX_ANSWER: u64 = 64 * 1024 * 1024;

/// A visitor of one service, with cookies of their own.
#[derive(Clone)]
pub(crate) struct Browser {
    base: String,
    agent: ureq::Agent,
    /// What a program sends with every request to be recognized by.
    token: Option<String>,
}

impl Browser {
    /// A visitor of the service at this address.
    pub(crate) fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None);
        Self { base: base.to_owned(), agent: config.build().new_agent(), token: None }
    }

    /// A program that shows a token.
    pub(crate) fn showing(self, token: &str) -> Self {
        Self { token: Some(format!("Bearer {token}")), ..self }
    }

    /// Scheme, host and port of the service.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Sends a request as a page of the service does, unless the headers say where it comes from. An error
    /// means that no answer came.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Page, ureq::Error> {
        let says_from_where = headers.iter().any(|(name, _)| ["origin", "sec-fetch-site"].contains(name));
        let from: &[_] = if says_from_where { &[] } else { &[("sec-fetch-site", "same-origin")] };
        self.send_bare(method, path, &[headers, from].concat(), body)
    }

    /// Sends a request as it is. An error means that no answer came.
    pub(crate) fn send_bare(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Page, ureq::Error> {
        let method: Method = method.parse().unwrap();
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let body = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec()?;
        Ok(Page::new(response.status().as_u16(), response.headers().clone(), body))
    }

    /// Loads a page.
    pub(crate) fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[], None).unwrap()
    }

    /// Loads a page that must be there.
    pub(crate) fn visit(&self, path: &str) -> Page {
        self.get(path).expect_status(200)
    }

    /// Sends fields as a form does. An error means that no answer came.
    pub(crate) fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Page, ureq::Error> {
        self.send_fields(path, fields, "text/html")
    }

    /// Sends fields as the script of a page does, which is answered with JSON. An error means that no answer came.
    pub(crate) fn try_save(&self, path: &str, fields: &[(&str, &str)]) -> Result<Page, ureq::Error> {
        self.send_fields(path, fields, "application/json")
    }

    fn send_fields(&self, path: &str, fields: &[(&str, &str)], accept: &str) -> Result<Page, ureq::Error> {
        let encode = |text: &str| -> String {
            text.bytes()
                .map(|byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => char::from(byte).to_string(),
                    b' ' => "+".to_owned(),
                    _ => format!("%{byte:02X}"),
                })
                .collect()
        };
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", accept),
            ("origin", self.base.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &headers, Some(pairs.join("&").as_bytes()))
    }

    /// Sends fields as a form does.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.try_post(path, fields).unwrap()
    }

    /// Sends a form with a file, as a browser does: the fields first.
    pub(crate) fn upload(&self, path: &str, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Page {
        const BOUNDARY: &str = "----cairn";
        let part = |disposition: &str| format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {disposition}\r\n");
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(format!("{}\r\n{value}\r\n", part(&format!("name=\"{field}\""))).into_bytes());
        }
        let file = part(&format!("name=\"file\"; filename=\"{name}\""));
        body.extend(format!("{file}content-type: application/octet-stream\r\n\r\n").into_bytes());
        body.extend(content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [("content-type", kind.as_str()), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, Some(&body)).unwrap()
    }

    /// Sends a form as it is filled in. An error means that no answer came.
    pub(crate) fn try_submit(&self, form: &Form) -> Result<Page, ureq::Error> {
        assert_eq!(form.method, "post");
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.try_post(&form.action, &fields)
    }

    /// Sends a form as it is filled in.
    pub(crate) fn submit(&self, form: &Form) -> Page {
        self.try_submit(form).unwrap()
    }

    /// Goes where a page leads on to, after a change.
    pub(crate) fn follow(&self, page: &Page) -> Page {
        let target = page.location();
        self.visit(target.split('#').next().unwrap_or_default())
    }

    /// The cookies that are sent along.
    pub(crate) fn cookies(&self) -> String {
        let jar = self.agent.cookie_jar_lock();
        let cookies: Vec<String> = jar.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        cookies.join("; ")
    }

    /// Goes on with a session that was begun elsewhere.
    pub(crate) fn resume(&self, session: &str) {
        let uri = self.base.parse().unwrap();
        let cookie = ureq::Cookie::parse(format!("cairn_session={session}; Path=/"), &uri).unwrap();
        self.agent.cookie_jar_lock().insert(cookie, &uri).unwrap();
    }

    /// Signs in with the name and the password of [`ADMINISTRATOR`].
    pub(crate) fn sign_in(&self) {
        let (name, password) = ADMINISTRATOR;
        assert_eq!(self.try_sign_in(name, password).location(), "/");
    }

    /// Fills in the form to sign in with.
    pub(crate) fn try_sign_in(&self, name: &str, password: &str) -> Page {
        self.post("/sign-in", &[("name", name), ("password", password)])
    }

    /// Becomes the first administrator, [`ADMINISTRATOR`], with the link of the first start.
    pub(crate) fn set_up(&self, secret: &str) {
        let (name, password) = ADMINISTRATOR;
        let fields = [("name", name), ("password", password), ("again", password)];
        assert_eq!(self.post(&format!("/set-up/{secret}"), &fields).location(), "/");
    }

    /// Adds a team and gives its number.
    pub(crate) fn add_team(&self, name: &str) -> i64 {
        let added = self.post("/teams", &[("name", name), ("description", "")]).location();
        added.strip_prefix("/teams?added=").unwrap().parse().unwrap()
    }

    /// The number of a team.
    pub(crate) fn team(&self, name: &str) -> i64 {
        let page = self.visit("/teams");
        let place = page.texts("tbody th a").iter().position(|team| team == name);
        let edit = &page.attributes("td.action a", "href")[place.unwrap_or_else(|| panic!("no team {name}"))];
        edit.strip_prefix("/teams/").unwrap().parse().unwrap()
    }

    /// Adds a group and gives its number.
    pub(crate) fn add_group(&self, name: &str) -> i64 {
        assert_eq!(self.post("/groups", &[("name", name)]).location(), "/teams#groups");
        self.group(name)
    }

    /// The number of a group.
    pub(crate) fn group(&self, name: &str) -> i64 {
        let page = self.visit("/teams");
        let names = page.attributes(".group-row input[name=name]", "value");
        let place = names.iter().position(|group| group == name).unwrap_or_else(|| panic!("no group {name}"));
        let rename = &page.attributes(".group-row form:first-child", "action")[place];
        rename.strip_prefix("/groups/").unwrap().parse().unwrap()
    }

    /// Puts a team into groups, and out of all others.
    pub(crate) fn put_into_groups(&self, team: &str, groups: &[i64]) {
        let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
        let mut fields = vec![("name", team), ("description", "")];
        fields.extend(groups.iter().map(|group| ("group", group.as_str())));
        self.post(&format!("/teams/{}", self.team(team)), &fields).location();
    }

    /// Opens an assessment and gives its address.
    pub(crate) fn open(&self, team: i64, period: &str) -> String {
        self.post("/assessments", &[("team", &team.to_string()), ("period", period)]).location()
    }

    /// Answers activities of an assessment with nothing but a status.
    pub(crate) fn answer(&self, assessment: &str, answers: &[(&str, &str)]) {
        let mut form = self.visit(assessment).form("form.questions");
        for (activity, status) in answers {
            form.choose(&format!("status[{activity}]"), status);
        }
        let saved = self.submit(&form).location();
        assert!(saved.contains(&format!("?saved={}", answers.len())), "{saved}");
    }

    /// Submits an assessment.
    pub(crate) fn hand_in(&self, assessment: &str) {
        let stands = self.post(&format!("{assessment}/review"), &[]).location();
        assert!(stands.starts_with("/?team="), "{stands}");
    }
}
