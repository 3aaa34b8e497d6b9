//! A visitor who asks one thing after the other over one connection, with as little work as possible: what it spends
//! is missing to the service on the same machine.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// After how much silence another connection is opened: the service closes those over which nothing is said, and
/// who asks just then is not answered.
const SILENCE: Duration = Duration::from_secs(3);

/// A connection that is opened when something is asked, and kept for what is asked next.
pub(crate) struct Visitor {
    address: SocketAddr,
    stream: Option<(TcpStream, Instant)>,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer<'v> {
    pub(crate) status: u16,
    head: &'v [u8],
    pub(crate) body: &'v [u8],
}

impl Answer<'_> {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let head = std::str::from_utf8(self.head).unwrap_or_default();
        head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
    }

    /// The body as text, if it is not compressed.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }
}

impl Visitor {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, buffer: vec![0; 65_536] }
    }

    /// Sends a request and waits for the answer to it.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        let mut stream = match self.stream.take() {
            Some((stream, used)) if used.elapsed() < SILENCE => stream,
            _ => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream
            }
        };
        stream.write_all(request)?;
        let mut filled = 0_usize;
        let head = loop {
            let from = filled.saturating_sub(3);
            filled += read(&mut stream, &mut self.buffer, filled)?;
            if let Some(at) = self.buffer[from..filled].windows(4).position(|four| four == b"\r\n\r\n") {
                break from + at + 4;
            }
        };
        let found = Head::read(&self.buffer[..head])?;
        let end = head + found.length;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while filled < end {
            filled += read(&mut stream, &mut self.buffer[..end], filled)?;
        }
        if !found.closes {
            self.stream = Some((stream, Instant::now()));
        }
        Ok(Answer { status: found.status, head: &self.buffer[..head], body: &self.buffer[head..end] })
    }

    /// The same, where the service surely answers.
    pub(crate) fn must(&mut self, request: &[u8]) -> Answer<'_> {
        self.ask(request).unwrap()
    }
}

fn read(stream: &mut TcpStream, buffer: &mut [u8], filled: usize) -> Result<usize> {
    match stream.read(&mut buffer[filled..])? {
        0 => Err(Error::new(ErrorKind::UnexpectedEof, "the connection was closed")),
        n => Ok(n),
    }
}

/// What the head of an answer says about what follows.
struct Head {
    status: u16,
    length: usize,
    closes: bool,
}

impl Head {
    fn read(head: &[u8]) -> Result<Self> {
        let wrong = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
        let status = std::str::from_utf8(head.get(9..12).unwrap_or_default()).unwrap_or_default();
        let status = status.parse().map_err(|_| wrong("no status"))?;
        let (mut length, mut closes) = (None, false);
        for line in head.split(|&byte| byte == b'\n') {
            let is = |name: &[u8]| line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name);
            if is(b"content-length:") {
                length = std::str::from_utf8(&line[15..]).ok().and_then(|text| text.trim().parse().ok());
            } else if is(b"connection: close") {
                closes = true;
            }
        }
        match (status, length) {
            (204 | 304, None) => Ok(Self { status, length: 0, closes }),
            (_, Some(length)) => Ok(Self { status, length, closes }),
            _ => Err(wrong("no length")),
        }
    }
}

/// A request for a page, as browsers ask.
pub(crate) fn get(path: &str, cookie: &str) -> Vec<u8> {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) cairn-load\r\n\
         Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate, br\r\n\
         Accept-Language: en\r\n{cookie}Sec-Fetch-Site: same-origin\r\n\r\n"
    )
    .into_bytes()
}

/// A request for something as it is, not compressed.
pub(crate) fn plain(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n")
        .into_bytes()
}

/// A request that sends a form, as a page or, if it is to be answered in JSON, a script of it does.
pub(crate) fn post(path: &str, cookie: &str, accept: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let encoded = |text: &str| {
        text.bytes().fold(String::new(), |mut form, byte| {
            if byte.is_ascii_alphanumeric() {
                form.push(byte.into())
            } else {
                form.push_str(&format!("%{byte:02X}"))
            }
            form
        })
    };
    let form: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let form = form.join("&");
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nCookie: {cookie}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}
