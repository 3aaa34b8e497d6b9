//! Stopping: at the first signal no new requests are taken and those under way are finished; a second one stops
//! the service at once.

use std::future::poll_fn;
#[cfg(not(unix))]
use std::pin::Pin;
use std::pin::pin;
use std::task::{Context, Poll};

use actix_web::dev::Server;
use actix_web::rt;

/// Serves until a signal comes and the requests under way are finished, and tells the name of the signal. Signals
/// that cannot be listened to keep their usual effect, which is to end the process. `begins` is called when
/// the first signal has come.
pub(super) async fn at_signal(server: Server, begins: impl FnOnce()) -> std::io::Result<&'static str> {
    let handle = server.handle();
    let mut served = pin!(rt::spawn(server));
    // Listened to from the beginning and all the time, so that none is missed.
    let mut signals = Signals::listen();
    let mut ended_or_signal = async || {
        poll_fn(|context| {
            if let Poll::Ready(ended) = served.as_mut().poll(context) {
                // The task does not panic; if it did, the service has ended all the same.
                return Poll::Ready(Ok(ended.unwrap_or(Ok(()))));
            }
            signals.poll(context).map(Err)
        })
        .await
    };
    let name = match ended_or_signal().await {
        Err(name) => name,
        Ok(ended) => return ended.map(|()| "itself"),
    };
    begins();
    // It is told at once; what is returned only waits for the end.
    drop(handle.stop(true));
    match ended_or_signal().await {
        Err(_) => Ok(name),
        Ok(ended) => ended.map(|()| name),
    }
}

/// The signals that ask the process to stop, those that can be listened to.
#[cfg(unix)]
struct Signals([(Option<rt::signal::unix::Signal>, &'static str); 2]);

#[cfg(unix)]
impl Signals {
    fn listen() -> Self {
        use rt::signal::unix::{SignalKind, signal};
        Self([(signal(SignalKind::terminate()).ok(), "SIGTERM"), (signal(SignalKind::interrupt()).ok(), "SIGINT")])
    }

    /// The name of the one that has come.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<&'static str> {
        for (signal, name) in &mut self.0 {
            if let Some(signal) = signal
                && signal.poll_recv(context).is_ready()
            {
                return Poll::Ready(name);
            }
        }
        Poll::Pending
    }
}

/// The one signal that there is everywhere.
#[cfg(not(unix))]
struct Signals(Pin<Box<dyn Future<Output = std::io::Result<()>>>>);

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self(Box::pin(rt::signal::ctrl_c()))
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<&'static str> {
        match self.0.as_mut().poll(context) {
            Poll::Ready(come) => {
                self.0 = if come.is_ok() { Box::pin(rt::signal::ctrl_c()) } else { Box::pin(std::future::pending()) };
                if come.is_ok() { Poll::Ready("Ctrl-C") } else { Poll::Pending }
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
