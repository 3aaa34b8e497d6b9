//! What Cairn is compared with: a handler of the same server library, in a process of its own, that answers from
//! memory with the very bytes and headers that Cairn answered with, and does nothing else.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde::{Deserialize, Serialize};

use super::client::Answer;

/// The argument with which this program becomes the bare server.
pub(crate) const ARGUMENT: &str = "--bare";

/// An answer as it was given, with the name of the file that has its body.
#[derive(Serialize, Deserialize)]
struct Page {
    path: String,
    headers: Vec<(String, String)>,
    file: String,
}

/// Answers that are to be given again.
#[derive(Default)]
pub(crate) struct Recording {
    pages: Vec<Page>,
    bodies: Vec<Vec<u8>>,
}

impl Recording {
    /// Notes an answer to a path. What the server library says by itself is left to it.
    pub(crate) fn add(&mut self, path: &str, answer: &Answer<'_>) {
        assert_eq!(answer.status, 200, "{path}");
        let own = ["content-length", "date", "connection", "transfer-encoding"];
        let headers = answer.headers().filter(|(name, _)| !own.contains(&name.to_ascii_lowercase().as_str()));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.pages.push(Page { path: path.to_owned(), headers, file: format!("body-{}", self.pages.len()) });
        self.bodies.push(answer.body.to_vec());
    }

    /// Starts the bare server with them. `folder` is where they are put for it.
    pub(crate) fn serve(&self, folder: &Path) -> Bare {
        for (page, body) in self.pages.iter().zip(&self.bodies) {
            std::fs::write(folder.join(&page.file), body).unwrap();
        }
        std::fs::write(folder.join("pages.json"), serde_json::to_vec(&self.pages).unwrap()).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(ARGUMENT).arg(folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Bare { child, address: line.trim().parse().unwrap() }
    }
}

/// The running bare server. It is killed when this goes.
pub(crate) struct Bare {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Bare {
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Headers and body by path.
type Answers = HashMap<String, (Vec<(HeaderName, HeaderValue)>, Bytes)>;

/// Serves what stands in a folder until the process is killed.
pub(crate) fn run(folder: &Path) {
    let pages: Vec<Page> = serde_json::from_slice(&std::fs::read(folder.join("pages.json")).unwrap()).unwrap();
    let header = |(name, value): (String, String)| (name.parse().unwrap(), value.parse().unwrap());
    let kept = |page: Page| {
        let body = Bytes::from(std::fs::read(folder.join(page.file)).unwrap());
        (page.path, (page.headers.into_iter().map(header).collect(), body))
    };
    let answers: Answers = pages.into_iter().map(kept).collect();
    let answers = Data::new(answers);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    let server = HttpServer::new(move || App::new().app_data(Data::clone(&answers)).default_service(web::to(answer)));
    let server = server.listen(listener).unwrap().run();
    actix_web::rt::System::new().block_on(server).unwrap();
}

async fn answer(request: HttpRequest, answers: Data<Answers>) -> HttpResponse {
    let path = request.uri().path_and_query().map_or("", |path| path.as_str());
    let Some((headers, body)) = answers.get(path) else { return HttpResponse::NotFound().finish() };
    let mut response = HttpResponse::build(StatusCode::OK);
    for (name, value) in headers {
        response.append_header((name.clone(), value.clone()));
    }
    response.body(Bytes::clone(body))
}
