//! placeholder while render is being written
