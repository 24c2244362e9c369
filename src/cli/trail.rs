//! `soundings trail`: who did what when, as a file.

use std::io::Write;

use anyhow::{Context, Result};

use crate::config::Environment;
use crate::{flow, trail};

use super::open;

pub(super) fn run(environment: Environment) -> Result<()> {
    let house = open(environment)?;
    flow::check_trail(&house)?;
    let bytes = trail::csv(&flow::whole_trail(&house)?)?;
    std::io::stdout().lock().write_all(&bytes).context("the trail could not be printed")
}
