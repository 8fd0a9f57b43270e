//! `lictor run`: a script, a policy, a verdict.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context;

use super::outputs::{self, PendingReport, Target};
use super::records::Records;
use super::{INTERNAL, USAGE, colours, say, script};
use crate::policy::{self, Policy};
use crate::report::audit_log::{AuditLog, RunHeader};
use crate::report::summary::Summary;
use crate::report::{human, json};
use crate::rules::{AuditSpec, Recorded, RecordedArguments, RuleSet, compile};
use crate::supervisor::{
    self, Finished, Run, Script, SuperviseError, catalogue, environment, interpreter, judge,
};
use crate::verdict::{Outcome, PolicySummary, PythonSummary, ScriptSummary};

/// Largest guest file that a report quotes from, in bytes.
const MAX_QUOTED: u64 = 1 << 20;

/// Arguments of `lictor run`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Preset, or path (with `/`, or ending in .toml); later ones stand over earlier ones
    #[arg(short, long = "policy", value_name = "POLICY")]
    policies: Vec<String>,
    /// Replace a limit of the policy: steps=1000, wall=2s, memory=256MiB
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    limits: Vec<String>,
    /// The guest's interpreter, a path or a name on PATH
    ///
    /// Without it: $VIRTUAL_ENV, .venv, then python3 and python on PATH; the first for which
    /// there is a hook library.
    #[arg(long, value_name = "PYTHON")]
    python: Option<OsString>,
    /// Write the report as JSON (`-`: to stdout; the guest's stdout then goes to stderr)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write the audit log, one JSON object a line (`-`: as for --report)
    #[arg(long, value_name = "FILE")]
    audit: Option<PathBuf>,
    /// Print a table of the functions that were invoked, and who called them
    #[arg(long)]
    audit_summary: bool,
    /// The script
    script: PathBuf,
    /// The script's arguments
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    arguments: Vec<OsString>,
}

/// Runs a script and says what happened.
pub fn run(arguments: &Arguments, verbose: bool) -> anyhow::Result<u8> {
    supervisor::survive_file_size_limit();
    let script = script::read(&arguments.script)?;
    check_outputs(arguments)?;
    let cwd = std::env::current_dir().context("the current folder can't be found")?;
    let mut policy = match policy::load(&arguments.policies, &arguments.limits, &cwd) {
        Ok(policy) => policy,
        Err(problems) => {
            say(&problems.render(colours()));
            return Ok(USAGE);
        }
    };
    let interpreter = interpreter::choose(arguments.python.as_deref())?;
    policy
        .warnings
        .extend(catalogue::compare(&policy, &interpreter, &[&script.folder]));
    if !policy.warnings.is_empty() {
        say(&policy.warnings.render(colours()));
    }
    if policy.warnings.has_errors() {
        return Ok(USAGE);
    }
    tracing::info!(
        "running on {} ({})",
        interpreter.executable.display(),
        interpreter.version_text()
    );

    let mut rules = compile::compile(&policy, Some(&script.path));
    rules.audit = audit_spec(arguments, &rules);
    let environment = environment::build(
        &policy.environment_pass,
        policy.hash_seed,
        std::env::vars_os(),
    )
    .context("[environment] pass")?;
    let policy_summary = PolicySummary {
        name: policy.name.clone(),
        sources: policy.sources.clone(),
        sha256: policy.sha256.clone(),
    };
    let script_summary = ScriptSummary {
        path: script.path.display().to_string(),
        sha256: script.sha256.clone(),
    };
    let python_summary = PythonSummary {
        version: interpreter.version_text(),
        executable: interpreter.executable.display().to_string(),
    };
    let report = arguments
        .report
        .as_deref()
        .map(Target::parse)
        .map(PendingReport::prepare)
        .transpose()?;
    let header = RunHeader {
        policy: &policy_summary,
        script: &script_summary,
        python: &python_summary,
        start: SystemTime::now(),
        record: rules.audit.record,
        scope: rules.audit.scope,
    };
    let log = match &arguments.audit {
        Some(path) => {
            match AuditLog::create(Target::parse(path).open()?, &header, policy.limits.audit) {
                Ok(log) => Some(log),
                Err(error) => return Ok(internal(&error.to_string())),
            }
        }
        None => None,
    };

    let quoted = Quoted::script(&script);
    let finished = supervisor::run(Run {
        script,
        arguments: arguments.arguments.clone(),
        interpreter,
        environment,
        rules,
        limits: policy.limits.clone(),
        policy: policy_summary.clone(),
        recorder: Records {
            log,
            summary: arguments.audit_summary.then(Summary::new),
        },
        stdout_to_stderr: writes_to_stdout(arguments),
    });
    let finished = match finished {
        Ok(finished) => finished,
        Err(error @ (SuperviseError::Impossible(_) | SuperviseError::Spawn(_))) => {
            return Err(error.into());
        }
        Err(error) => return Ok(internal(&error.to_string())),
    };
    conclude(finished, report, quoted, &policy, verbose)
}

/// Closes what is open, reports, and chooses the exit code.
fn conclude(
    finished: Finished<Records>,
    report: Option<PendingReport>,
    mut quoted: Quoted,
    policy: &Policy,
    verbose: bool,
) -> anyhow::Result<u8> {
    let Finished {
        mut outcome,
        interrupted,
        recorder,
    } = finished;
    let Records { log, summary } = recorder.unwrap_or_default();
    if let Some(Err(error)) = log.map(|log| log.finish(&outcome)) {
        outcome = judge::spoiled(outcome, error.to_string());
    }
    if let Some(Err(error)) =
        report.map(|report| report.write(&json::to_text(&json::render(&outcome))))
    {
        outcome = judge::spoiled(outcome, format!("{error:#}"));
    }
    quoted.load(&outcome);
    let context = human::Context {
        script_path: &outcome.script.path,
        script_text: quoted.text(&outcome.script.path),
        guest_text: &|file| quoted.text(file),
        policy_text: &|file| policy.source_text(file),
        verbose,
    };
    let text = human::render(&outcome, &context, colours());
    if !text.is_empty() {
        say(&text);
    }
    if let Some(summary) = summary {
        say(&summary.render());
    }
    Ok(match interrupted {
        // As shells have it: 128 and the signal's number.
        Some(signal) => u8::try_from(128 + signal).unwrap_or(INTERNAL),
        None => outcome.verdict.exit_code(),
    })
}

/// A fault of ours before anything was run.
fn internal(error: &str) -> u8 {
    say(&format!("internal error: {error}"));
    INTERNAL
}

/// Every output has a place of its own, and none lies over the script.
fn check_outputs(arguments: &Arguments) -> anyhow::Result<()> {
    let named: Vec<(&str, &Path)> = [
        ("the script", Some(&arguments.script)),
        ("--report", arguments.report.as_ref()),
        ("--audit", arguments.audit.as_ref()),
    ]
    .into_iter()
    .filter_map(|(what, path)| path.map(|path| (what, path.as_path())))
    .collect();
    outputs::distinct(&named)
}

fn writes_to_stdout(arguments: &Arguments) -> bool {
    let files = arguments.report.iter().chain(&arguments.audit);
    files
        .map(|path| Target::parse(path))
        .any(|target| target == Target::Stdout)
}

/// Which events the hook is asked for: none that nobody takes; for a summary at least what
/// it is about.
fn audit_spec(arguments: &Arguments, rules: &RuleSet) -> AuditSpec {
    let AuditSpec {
        mut record,
        scope,
        arguments: recorded,
    } = rules.audit;
    if arguments.audit.is_none() && !arguments.audit_summary {
        record = Recorded::default();
    } else if arguments.audit_summary && record.is_empty() {
        record = Recorded {
            calls: true,
            imports: true,
            ..record
        };
    }
    // The summary has no use for arguments.
    let recorded = match arguments.audit {
        Some(_) => recorded,
        None => RecordedArguments::Off,
    };
    AuditSpec {
        record,
        scope,
        arguments: recorded,
    }
}

/// Texts of guest files that a report may quote from.
struct Quoted {
    /// Only files from here are opened: the names are the guest's word.
    folder: PathBuf,
    texts: HashMap<String, String>,
}

impl Quoted {
    fn script(script: &Script) -> Quoted {
        let text = String::from_utf8(script.source.clone()).ok();
        let texts = text.map(|text| (script.path.display().to_string(), text));
        Quoted {
            folder: script.folder.clone(),
            texts: texts.into_iter().collect(),
        }
    }

    /// Reads the files that an outcome names, so far as they are the guest's.
    fn load(&mut self, outcome: &Outcome) {
        let violations = outcome.violations.first().map(|violation| &violation.place);
        for place in outcome.location.iter().chain(violations) {
            if !self.texts.contains_key(&place.file)
                && let Some(text) = self.read(&place.file)
            {
                self.texts.insert(place.file.clone(), text);
            }
        }
    }

    fn read(&self, file: &str) -> Option<String> {
        let real = Path::new(file).canonicalize().ok()?;
        let ours =
            real.starts_with(&self.folder) && real.extension().is_some_and(|name| name == "py");
        if !ours || !real.metadata().ok()?.is_file() {
            return None;
        }
        let mut text = String::new();
        std::fs::File::open(real)
            .ok()?
            .take(MAX_QUOTED)
            .read_to_string(&mut text)
            .ok()?;
        Some(text)
    }

    fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }
}
