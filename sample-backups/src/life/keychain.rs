//! stub
use crate::builder::BackupBuilder;
use crate::error::Result;
/// stub
/// # Errors
/// none
pub fn add(_backup: &mut BackupBuilder) -> Result<()> {
    Ok(())
}
