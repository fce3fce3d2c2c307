//! A virtual file system for SQLite whose files are [`Image`]s: pages are read, and decrypted, as SQLite asks.
//!
//! This is the only `unsafe` code of corer. What makes it sound:
//!
//! - SQLite allocates `szOsFile` bytes per file and hands the same pointer to every method of that file, from one
//!   thread at a time; [`OpenFile`] is `repr(C)` and begins with SQLite's own header.
//! - `state` is a box that `open` leaks and `close` takes back; SQLite calls `close` exactly once for each `open` that
//!   set `pMethods`.
//! - Buffers come with their length from SQLite and are only touched within it; before a Rust slice is made of one
//!   to be read into, it is filled with zeros.
//! - Nothing here panics: the safe code below works with checked access only.
//!
//! There is no shared memory: with `locking_mode=EXCLUSIVE` SQLite keeps the index of the log on its heap. There are no
//! locks: nobody writes.

#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rusqlite::ffi;

use super::image::{Image, Layered};

/// The name by which SQLite knows this file system.
pub const NAME: &str = "corer";

/// What SQLite calls the database of one connection; its log and journal have the same name with a suffix.
const PREFIX: &str = "/corer/";

/// The images that connections have open or are about to open.
static IMAGES: Mutex<BTreeMap<u64, Image>> = Mutex::new(BTreeMap::new());

/// An image that is registered under a name. The name is good for one connection.
pub struct Registered {
    id: u64,
    /// The name to open.
    pub path: String,
}

impl Registered {
    /// Gives an image a name, and makes the file system known to SQLite. `None` when SQLite refuses that.
    pub fn new(image: Image) -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        register()?;
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        with_images(|images| images.insert(id, image));
        Some(Self { id, path: format!("{PREFIX}{id}") })
    }

    /// Forgets a name that was never opened. After opening, closing the main file does it.
    pub fn forget(&self) {
        with_images(|images| images.remove(&self.id));
    }
}

fn with_images<T>(change: impl FnOnce(&mut BTreeMap<u64, Image>) -> T) -> T {
    change(&mut IMAGES.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Which of the files of a database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Main,
    Wal,
    Journal,
}

fn parse_name(name: &str) -> Option<(u64, Role)> {
    let name = name.strip_prefix(PREFIX)?;
    let (id, role) = match name.split_once('-') {
        None => (name, Role::Main),
        Some((id, "wal")) => (id, Role::Wal),
        Some((id, "journal")) => (id, Role::Journal),
        Some(_) => return None,
    };
    Some((id.parse().ok()?, role))
}

fn bytes_of(image: &Image, role: Role) -> Option<std::sync::Arc<dyn crate::backup::bytes::ReadAt>> {
    match role {
        Role::Main => Some(image.main.clone()),
        Role::Wal => image.wal.clone(),
        Role::Journal => image.journal.clone(),
    }
}

/// Registers the file system once. The result is whether SQLite took it.
fn register() -> Option<()> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    REGISTERED
        .get_or_init(|| {
            // SAFETY: a null name asks for the default file system; it lives as long as the process. The leaked
            // structure does so too, as SQLite requires.
            unsafe {
                let default = ffi::sqlite3_vfs_find(ptr::null());
                !default.is_null() && ffi::sqlite3_vfs_register(Box::leak(vfs(default)), 0) == ffi::SQLITE_OK
            }
        })
        .then_some(())
}

fn vfs(default: *mut ffi::sqlite3_vfs) -> Box<ffi::sqlite3_vfs> {
    Box::new(ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<OpenFile>() as c_int,
        mxPathname: 64,
        pNext: ptr::null_mut(),
        zName: c"corer".as_ptr(),
        pAppData: default.cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: Some(current_time_i64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    })
}

/// What SQLite allocates for each open file.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    state: *mut State,
}

struct State {
    file: Layered,
    /// The image to forget when this main file closes.
    main_of: Option<u64>,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// The text of a name from SQLite; `None` for the nameless temporary files.
///
/// # Safety
/// `name` is null or a NUL-terminated string that outlives the call.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    // SAFETY: as the caller promises.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })?.to_str().ok()
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes a valid name or null.
    let state = match unsafe { text(name) } {
        None => Some(State { file: Layered::default(), main_of: None }),
        Some(name) => parse_name(name).and_then(|(id, role)| {
            let image = with_images(|images| images.get(&id).cloned())?;
            let main_of = (role == Role::Main).then_some(id);
            Some(State { file: Layered::over(bytes_of(&image, role)), main_of })
        }),
    };
    let file = file.cast::<OpenFile>();
    // SAFETY: `file` points to `szOsFile` bytes, `out_flags` to an int or is null. `pMethods` is null on failure, so
    // that SQLite does not call `close`.
    unsafe {
        (*file).base.pMethods = ptr::null();
        let Some(state) = state else { return ffi::SQLITE_CANTOPEN };
        (*file).state = Box::into_raw(Box::new(state));
        (*file).base.pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: `open` put the box there, and SQLite closes a file once.
    let state = unsafe { Box::from_raw((*file.cast::<OpenFile>()).state) };
    if let Some(id) = state.main_of {
        with_images(|images| images.remove(&id));
    }
    ffi::SQLITE_OK
}

/// The state of an open file.
///
/// # Safety
/// `file` was opened by [`open`], is not closed, and is used by one thread at a time.
unsafe fn state<'a>(file: *mut ffi::sqlite3_file) -> &'a mut State {
    // SAFETY: as the caller promises.
    unsafe { &mut *(*file.cast::<OpenFile>()).state }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(amount), Ok(offset)) = (usize::try_from(amount), u64::try_from(offset)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: SQLite passes an open file and `amount` writable bytes; they are zero before they become a slice.
    let (state, buffer) = unsafe {
        ptr::write_bytes(buffer.cast::<u8>(), 0, amount);
        (state(file), slice::from_raw_parts_mut(buffer.cast::<u8>(), amount))
    };
    match state.file.read(offset, buffer) {
        Ok(read) if read == amount => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(amount), Ok(offset)) = (usize::try_from(amount), u64::try_from(offset)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: SQLite passes an open file and `amount` readable bytes.
    let (state, data) = unsafe { (state(file), slice::from_raw_parts(data.cast::<u8>(), amount)) };
    match state.file.write(offset, data) {
        Ok(()) => ffi::SQLITE_OK,
        Err(_) => ffi::SQLITE_FULL,
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let Ok(size) = u64::try_from(size) else { return ffi::SQLITE_IOERR_TRUNCATE };
    // SAFETY: SQLite passes an open file.
    unsafe { state(file) }.file.truncate(size);
    ffi::SQLITE_OK
}

unsafe extern "C" fn sync(_file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite passes an open file and a writable integer.
    unsafe { *size = i64::try_from(state(file).file.size()).unwrap_or(i64::MAX) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(_file: *mut ffi::sqlite3_file, _level: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_file: *mut ffi::sqlite3_file, reserved: *mut c_int) -> c_int {
    // SAFETY: SQLite passes a writable integer.
    unsafe { *reserved = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_file: *mut ffi::sqlite3_file, _operation: c_int, _argument: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    4096
}

unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn delete(_vfs: *mut ffi::sqlite3_vfs, name: *const c_char, _sync_dir: c_int) -> c_int {
    // SAFETY: SQLite passes a valid name.
    if let Some((id, role)) = unsafe { text(name) }.and_then(parse_name) {
        // Only this connection's view of the files changes.
        with_images(|images| match (images.get_mut(&id), role) {
            (Some(image), Role::Wal) => image.wal = None,
            (Some(image), Role::Journal) => image.journal = None,
            _ => {}
        });
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn access(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    exists: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes a valid name and a writable integer.
    unsafe {
        let size = text(name).and_then(parse_name).and_then(|(id, role)| {
            with_images(|images| images.get(&id).and_then(|image| bytes_of(image, role)).map(|bytes| bytes.size()))
        });
        *exists = c_int::from(size.is_some_and(|size| size > 0));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    full: *mut c_char,
) -> c_int {
    // SAFETY: SQLite passes a valid name and `room` writable bytes for the copy with its NUL.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if usize::try_from(room).is_ok_and(|room| bytes.len() <= room) {
            ptr::copy_nonoverlapping(bytes.as_ptr().cast(), full, bytes.len());
            return ffi::SQLITE_OK;
        }
    }
    ffi::SQLITE_CANTOPEN
}

/// The file system that SQLite would use by itself, for what has nothing to do with files.
///
/// # Safety
/// `vfs` is the structure that [`register`] made.
unsafe fn default_vfs(vfs: *mut ffi::sqlite3_vfs) -> *mut ffi::sqlite3_vfs {
    // SAFETY: as the caller promises.
    unsafe { (*vfs).pAppData.cast() }
}

unsafe extern "C" fn randomness(vfs: *mut ffi::sqlite3_vfs, amount: c_int, out: *mut c_char) -> c_int {
    // SAFETY: the default file system takes what SQLite passed.
    unsafe {
        let default = default_vfs(vfs);
        (*default).xRandomness.map_or(0, |call| call(default, amount, out))
    }
}

unsafe extern "C" fn sleep(vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    // SAFETY: as above.
    unsafe {
        let default = default_vfs(vfs);
        (*default).xSleep.map_or(0, |call| call(default, microseconds))
    }
}

unsafe extern "C" fn current_time(vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: as above.
    unsafe {
        let default = default_vfs(vfs);
        (*default).xCurrentTime.map_or(ffi::SQLITE_ERROR, |call| call(default, out))
    }
}

unsafe extern "C" fn current_time_i64(vfs: *mut ffi::sqlite3_vfs, out: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: as above. The default file systems of SQLite are all of version 2 or later.
    unsafe {
        let default = default_vfs(vfs);
        (*default).xCurrentTimeInt64.map_or(ffi::SQLITE_ERROR, |call| call(default, out))
    }
}

unsafe extern "C" fn last_error(_vfs: *mut ffi::sqlite3_vfs, _room: c_int, _out: *mut c_char) -> c_int {
    0
}
