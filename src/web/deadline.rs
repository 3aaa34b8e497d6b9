//! Lets nobody take for ever to send what they announced: whoever does keeps memory and a connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::rt::time::{Sleep, sleep};
use actix_web::web::Bytes;
use futures_core::Stream;

/// How long the body of a request may take: enough for the largest on a slow line.
const PATIENCE: Duration = Duration::from_secs(60);

/// From now on the body of a request ends with an error when it takes too long.
pub(super) fn hurry(request: &mut ServiceRequest) {
    let body = Timed { body: request.take_payload(), end: Box::pin(sleep(PATIENCE)) };
    request.set_payload(payload(body));
}

/// A body as actix takes it.
fn payload(body: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Payload {
    Payload::Stream { payload: Box::pin(body) }
}

/// A body with an end in time.
struct Timed {
    body: Payload,
    end: Pin<Box<Sleep>>,
}

impl Stream for Timed {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))));
        }
        Pin::new(&mut self.body).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    /// A body that is announced and not sent.
    struct Never;

    impl Stream for Never {
        type Item = Result<Bytes, PayloadError>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }

    /// What comes next of a body.
    async fn next(body: &mut Payload) -> Option<Result<Bytes, PayloadError>> {
        std::future::poll_fn(|context| Pin::new(&mut *body).poll_next(context)).await
    }

    #[test]
    fn a_body_is_as_it_was_sent_and_ends_in_time() {
        actix_web::rt::System::new().block_on(async {
            let mut request = TestRequest::post().set_payload("a=b").to_srv_request();
            hurry(&mut request);
            let mut body = request.take_payload();
            assert_eq!(next(&mut body).await.unwrap().unwrap(), "a=b");
            assert!(next(&mut body).await.is_none());

            let late = Timed { body: payload(Never), end: Box::pin(sleep(Duration::from_millis(1))) };
            let mut late = payload(late);
            assert!(matches!(next(&mut late).await, Some(Err(PayloadError::Io(_)))));
        });
    }
}
