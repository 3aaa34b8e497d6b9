//! Stopping: at the first signal no new requests are taken and those under way are finished, at the second
//! the service stops at once.

use actix_web::dev::ServerHandle;
use actix_web::rt;

/// Stops the server at a signal, and tells the signal's name when the server has stopped. Signals that cannot be
/// listened to keep their usual effect, which is to end the process.
pub(super) async fn at_signal(server: ServerHandle) -> &'static str {
    let name = signal().await;
    rt::spawn({
        let server = server.clone();
        async move {
            signal().await;
            server.stop(false).await;
        }
    });
    server.stop(true).await;
    name
}

/// Waits for a signal and tells its name.
#[cfg(unix)]
async fn signal() -> &'static str {
    use std::future::{pending, poll_fn};
    use std::task::Poll;

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
        Err(_) => std::future::pending().await,
    }
}
