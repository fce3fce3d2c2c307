//! Starts and stops the whole.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::Result;
use crate::log::Log;
use crate::mux;
use crate::phone::{Phone, Setup};
use crate::wire::Socket;
use crate::world::World;

/// Starts simulated devices.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts a device on sockets of its own: a Unix socket in a temporary folder and any free TCP port.
    ///
    /// # Errors
    /// When the sockets or the device's files cannot be made.
    pub fn start(setup: Setup) -> Result<Running> {
        let folder = tempfile::Builder::new().prefix("device-").tempdir()?;
        let socket = folder.path().join("usbmuxd");
        let mut running = Self::start_at(setup, &socket, 0)?;
        running.folder = Some(folder);
        Ok(running)
    }

    /// Starts a device on the Unix socket `socket` and the TCP port `port` of this computer (0 takes any).
    ///
    /// # Errors
    /// When the sockets or the device's files cannot be made.
    pub fn start_at(setup: Setup, socket: &Path, port: u16) -> Result<Running> {
        let world = Arc::new(World::new(&setup)?);
        let stop = Arc::new(AtomicBool::new(false));
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = tcp.local_addr()?;
        listen(&world, &stop, move || {
            let (stream, _) = tcp.accept()?;
            stream.set_nodelay(true)?;
            Ok(Socket::Tcp(stream))
        });
        #[cfg(unix)]
        {
            let unix = UnixListener::bind(socket)?;
            listen(&world, &stop, move || Ok(Socket::Unix(unix.accept()?.0)));
        }
        Ok(Running { world, stop, address, socket: socket.to_owned(), folder: None })
    }
}

/// Serves every connection in a thread of its own.
fn listen(world: &Arc<World>, stop: &Arc<AtomicBool>, accept: impl Fn() -> std::io::Result<Socket> + Send + 'static) {
    let (world, stop) = (Arc::clone(world), Arc::clone(stop));
    std::thread::spawn(move || {
        while !stop.load(Ordering::SeqCst) {
            match accept() {
                Ok(socket) if !stop.load(Ordering::SeqCst) => {
                    let world = Arc::clone(&world);
                    std::thread::spawn(move || mux::serve(&world, socket));
                }
                Ok(_) => {}
                // Too many open files, say: others will close theirs.
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    });
}

/// A device that runs until this is dropped.
pub struct Running {
    world: Arc<World>,
    stop: Arc<AtomicBool>,
    address: SocketAddr,
    socket: PathBuf,
    folder: Option<TempDir>,
}

impl Running {
    /// The value for `USBMUXD_SOCKET_ADDRESS` that every host understands: `127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The Unix socket; as `UNIX:/path` libusbmuxd takes it, as a bare path pymobiledevice3.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The phone: its files, its owner, its faults. Nobody else sees it while the guard lives.
    pub fn phone(&self) -> MutexGuard<'_, Phone> {
        self.world.phone()
    }

    /// What hosts did so far.
    pub fn log(&self) -> &Log {
        &self.world.log
    }

    /// Pulls the cable.
    pub fn unplug(&self) {
        mux::announce(&self.world, false);
    }

    /// Plugs it in again.
    pub fn plug(&self) {
        mux::announce(&self.world, true);
    }

    /// Sends a notification of the device, such as a cancel on its screen, to all who observe it.
    pub fn notify(&self, name: &str) {
        self.world.notify(name);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.world.cable.close();
        // Those who accept wake up and see that it is over.
        drop(TcpStream::connect(self.address));
        #[cfg(unix)]
        {
            drop(UnixStream::connect(&self.socket));
            if self.folder.is_none() {
                // It may have been removed already.
                let _ = std::fs::remove_file(&self.socket);
            }
        }
    }
}
