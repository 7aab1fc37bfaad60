//! Explains why the server cannot listen on an address.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// Returns the reason for which a start would fail at the address. Does not listen.
pub(crate) fn problem_of(address: SocketAddr) -> Option<String> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let bound = socket.and_then(|socket| {
        // The options are those of the start, so only a program that listens there causes an error.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)
    });
    bound.err().map(|error| not_bound(address, &error))
}

/// Returns the reason for which the server cannot listen on the address, and the remedy.
pub(crate) fn not_bound(address: SocketAddr, error: &io::Error) -> String {
    let remedy = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "stop the program that listens there, or write another --listen"
        }
        io::ErrorKind::AddrNotAvailable => "write an address of this machine as --listen",
        io::ErrorKind::PermissionDenied => "write a port from 1024 as --listen",
        _ => "write another --listen",
    };
    format!("{address}: cannot be listened on: {error}; {remedy}")
}
