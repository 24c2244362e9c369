//! Keeps what is in memory out of files: keys, tokens and answers pass through
//! it, and a core dump would write them down.

use rustix::process::{Resource, Rlimit, setrlimit};

/// No core dump is written of this process, and on Linux nobody but the
/// superuser can look into it.
pub(super) fn keep_in_memory() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps could not be switched off");
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::warn!(%error, "this process can be looked into by its user's others");
        }
    }
}
