//! A program that uses the interface under `/api/v1`.

use serde_json::Value;

use super::{Browser, Page};

impl Browser {
    /// Asks for something as programs do. `seen`: the ETag of the state that a change is for.
    pub(crate) fn ask(&self, method: &str, path: &str, seen: Option<&str>, json: Option<&Value>) -> Page {
        let json = json.map(ToString::to_string);
        let mut headers = vec![("accept", "application/json")];
        headers.extend(seen.map(|seen| ("if-match", seen)));
        headers.extend(json.as_ref().map(|_| ("content-type", "application/json")));
        let path = format!("/api/v1{path}");
        self.send(method, &path, &headers, json.as_ref().map(String::as_bytes)).unwrap()
    }

    /// What there is under an address of the interface.
    pub(crate) fn give(&self, path: &str) -> Value {
        let page = self.ask("GET", path, None, None);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.json()
    }

    /// All items of a list, page by page, and how many pages it had.
    pub(crate) fn all_pages(&self, path: &str) -> (Vec<Value>, usize) {
        let (mut items, mut pages, mut next) = (Vec::new(), 0, format!("/api/v1{path}"));
        loop {
            let page = self.get(&next);
            assert_eq!(page.status, 200, "{next}: {}", page.text());
            items.extend(page.json().as_array().unwrap().iter().cloned());
            pages += 1;
            assert!(pages < 1_000, "a list has an end");
            match page.header("link").strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")) {
                Some(link) => next = link.to_owned(),
                None => return (items, pages),
            }
        }
    }

    /// Changes something that was seen just now.
    pub(crate) fn change(&self, method: &str, path: &str, seen_at: &str, json: &Value) -> Page {
        let seen = self.ask("GET", seen_at, None, None);
        self.ask(method, path, Some(seen.header("etag")), Some(json))
    }
}
