//! Passes bytes between two streams.

use std::io;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::time::sleep_until;

use super::serving::seats::lock;

/// Passes bytes in both directions until one stream ends. Returns an error if no byte passes within this time.
pub(crate) async fn tunnel<A, B>(one: A, other: B, longest_silence: Duration) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let moved = Mutex::new(Instant::now());
    let (mut one_read, mut one_write) = split(one);
    let (mut other_read, mut other_write) = split(other);
    let silence = async {
        loop {
            let deadline = *lock(&moved) + longest_silence;
            if deadline <= Instant::now() {
                return io::Error::from(io::ErrorKind::TimedOut);
            }
            sleep_until(deadline.into()).await;
        }
    };
    let both = async {
        tokio::try_join!(
            pass(&mut one_read, &mut other_write, &moved),
            pass(&mut other_read, &mut one_write, &moved),
        )
    };
    tokio::select! {
        passed = both => passed.map(|_| ()),
        error = silence => Err(error),
    }
}

async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    moved: &Mutex<Instant>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
        to.flush().await?;
        *lock(moved) = Instant::now();
    }
}
