//! How a program asks: JSON with a token, one thing after its ETag, and lists page after page.

use serde_json::Value;

use crate::harness::{Browser, Page};

/// Sends a body of JSON, or none.
pub(super) fn send(program: &Browser, method: &str, path: &str, body: &Value) -> Page {
    send_for(program, method, path, None, body)
}

/// Sends a change for a state of a thing.
pub(super) fn send_for(program: &Browser, method: &str, path: &str, tag: Option<&str>, body: &Value) -> Page {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(tag.map(|tag| ("if-match", tag)));
    let body = (!body.is_null()).then(|| body.to_string());
    program.send_bare(method, &format!("/api/v1{path}"), &headers, body.as_ref().map(String::as_bytes)).unwrap()
}

/// Gets something that is there.
pub(super) fn get(program: &Browser, path: &str) -> Page {
    program.get(&format!("/api/v1{path}")).expect_status(200)
}

/// All items of a list, a few at a time; none of them twice.
pub(super) fn all(program: &Browser, path: &str, limit: usize) -> Vec<Value> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let mut next = Some(format!("/api/v1{path}{separator}limit={limit}"));
    let mut items: Vec<Value> = Vec::new();
    while let Some(address) = next {
        let page = program.get(&address).expect_status(200);
        let some = page.json().as_array().unwrap().clone();
        assert!(some.len() <= limit, "{address}");
        for item in some {
            assert!(!items.contains(&item), "{address}: twice {item}");
            items.push(item);
        }
        let link = page.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
        next = link.map(|link| link.strip_prefix('<').unwrap().split('>').next().unwrap().to_owned());
    }
    items
}

/// Looks at an error, as programs get it.
pub(super) fn assert_is_problem(page: &Page, status: u16, code: &str, message: &str) {
    assert_eq!((page.status, page.header("content-type")), (status, "application/json"), "{}", page.text());
    let problem = page.json();
    assert_eq!(problem["code"], code, "{problem}");
    assert!(problem["message"].as_str().unwrap().contains(message), "{problem}");
    assert!(problem["hint"].as_str().unwrap().len() > 10, "{problem}");
}
