//! Stopping: at the first signal no new requests are taken and those under way are finished; a second one stops
//! the service at once.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use actix_web::dev::Server;
use actix_web::rt;

/// Serves until a signal comes and the requests under way are finished, and tells the name of the signal. Signals
/// that cannot be listened to keep their usual effect, which is to end the process.
pub(super) async fn at_signal(server: Server) -> std::io::Result<&'static str> {
    let handle = server.handle();
    let mut served = pin!(rt::spawn(server));
    let mut ended_or_signal = async || {
        let mut signal = pin!(signal());
        poll_fn(|context| {
            if let Poll::Ready(ended) = served.as_mut().poll(context) {
                // The task does not panic; if it did, the service has ended all the same.
                return Poll::Ready(Ok(ended.unwrap_or(Ok(()))));
            }
            signal.as_mut().poll(context).map(Err)
        })
        .await
    };
    let name = match ended_or_signal().await {
        Err(name) => name,
        Ok(ended) => return ended.map(|()| "itself"),
    };
    // It is told at once; what is returned only waits for the end.
    drop(handle.stop(true));
    match ended_or_signal().await {
        Err(_) => Ok(name),
        Ok(ended) => ended.map(|()| name),
    }
}

/// Waits for a signal and tells its name.
#[cfg(unix)]
async fn signal() -> &'static str {
    use rt::signal::unix::{SignalKind, signal};
    let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) else { return pending().await };
    poll_fn(|context| {
        if terminate.poll_recv(context).is_ready() {
            return Poll::Ready("SIGTERM");
        }
        interrupt.poll_recv(context).map(|_| "SIGINT")
    })
    .await
}

/// Waits for a signal and tells its name.
#[cfg(not(unix))]
async fn signal() -> &'static str {
    match rt::signal::ctrl_c().await {
        Ok(()) => "Ctrl-C",
        Err(_) => pending().await,
    }
}
