//! What can be wrong with a request: the one table of codes. Pages show the words, programs get the code with them.

use actix_web::http::StatusCode;

/// A kind of problem.
#[derive(Debug)]
pub(super) struct Problem {
    /// The status of the answer.
    pub(super) status: StatusCode,
    /// The word by which programs tell it from others. It never changes.
    pub(super) code: &'static str,
    /// When it is answered.
    pub(super) meaning: &'static str,
    /// What to do.
    pub(super) hint: &'static str,
}

macro_rules! problems {
    ($($name:ident = $status:ident $code:literal $meaning:literal $hint:literal;)*) => {
        $(pub(super) static $name: Problem =
            Problem { status: StatusCode::$status, code: $code, meaning: $meaning, hint: $hint };)*
        /// All of them, by their status.
        pub(super) static ALL: &[&Problem] = &[$(&$name),*];
    };
}

problems! {
    BAD_REQUEST = BAD_REQUEST "bad_request"
        "The address, the form or the JSON cannot be read."
        "Correct what the message names, and try again.";
    UNAUTHORIZED = UNAUTHORIZED "unauthorized"
        "Nobody is recognized: no token is shown, or it is unknown, revoked or expired."
        "Sign in, or send a token as “Authorization: Bearer cairn_…”, which an administrator makes under “Tokens”. What you wrote on a page is not lost while it is open.";
    FORBIDDEN = FORBIDDEN "forbidden"
        "Whoever asks may not do it."
        "An administrator says under “Accounts” who may do what.";
    CROSS_SITE = FORBIDDEN "cross_site"
        "A change without a token that does not come from a page of this service."
        "Do it on a page of Cairn at its own address, or send a token.";
    NOT_FOUND = NOT_FOUND "not_found"
        "It does not exist, or whoever asks does not see it."
        "There is nothing at this address; it may have been removed, or you may not see it.";
    NOTHING_SUBMITTED = NOT_FOUND "nothing_submitted"
        "There is nothing to compute from: no assessment of the scope was submitted by then."
        "Submit an assessment first; then there is something to show.";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method_not_allowed"
        "The address has no such method; the header Allow names those that it has."
        "Correct what the message names, and try again.";
    CONFLICT = CONFLICT "conflict"
        "It cannot be done as things are now, or somebody else changed the same at the same moment."
        "Load it again, look at how things are now, and decide anew.";
    GONE = GONE "gone"
        "A link that opens something once was used, is too old, or was replaced."
        "Ask an administrator for another one.";
    PRECONDITION_FAILED = PRECONDITION_FAILED "precondition_failed"
        "If-Match names a state that is not the present one: somebody changed it since."
        "Get it again, look at what is different, and send the change with the new ETag.";
    PAYLOAD_TOO_LARGE = PAYLOAD_TOO_LARGE "payload_too_large"
        "What was sent is larger than what is read."
        "Send less at once: a note has at most 10,000 characters, and the page of a file says how large it may be. Larger files are for the command line.";
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE "unsupported_media_type"
        "What was sent is of another kind than what is read here."
        "Correct what the message names, and try again.";
    MISDIRECTED_REQUEST = MISDIRECTED_REQUEST "misdirected_request"
        "The service is not reached under this name."
        "Use Cairn under its own address: the one that its pages are opened at.";
    UNPROCESSABLE_ENTITY = UNPROCESSABLE_ENTITY "unprocessable_entity"
        "What was sent can be read, but something in it is wrong. Each line of the message says what, and where."
        "Correct what the message names, and try again.";
    PRECONDITION_REQUIRED = PRECONDITION_REQUIRED "precondition_required"
        "The change of something that others change, too, without If-Match."
        "Send the ETag of what you saw as If-Match, or “If-Match: *” to change it whatever it says now.";
    TOO_MANY_REQUESTS = TOO_MANY_REQUESTS "too_many_requests"
        "Too many tries failed; Retry-After says when the next one is heard."
        "Nobody is locked out for good. Whoever forgot their password gets a link to set another from an administrator.";
    INTERNAL_SERVER_ERROR = INTERNAL_SERVER_ERROR "internal_server_error"
        "A fault of Cairn. The log of the service says more."
        "Nothing was changed. The log of the service says more.";
    SERVICE_UNAVAILABLE = SERVICE_UNAVAILABLE "service_unavailable"
        "The database or the service is busy; Retry-After says when to try again."
        "Nothing was changed. Try again in a moment; if it stays like this, look at the log of the service.";
}

/// The problem that an answer of this status tells of, when nothing else is known.
pub(super) fn of_status(status: StatusCode) -> &'static Problem {
    let other = if status.is_server_error() { &INTERNAL_SERVER_ERROR } else { &BAD_REQUEST };
    ALL.iter().find(|problem| problem.status == status).copied().unwrap_or(other)
}
