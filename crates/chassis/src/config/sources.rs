//! Where values come from, and that each place says only what is known.

use std::collections::HashMap;
use std::path::PathBuf;

use config::{Config, ConfigBuilder, Environment, File, FileFormat, Map, Source, Value, ValueKind, builder::DefaultState};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Known;

use super::NodeConfig;
use super::check::{self, ConfigError};

const PREFIX: &str = "TRACEMESH";
const SEPARATOR: &str = "__";

/// The places that a configuration is read from, weakest first: a file, the environment, flags.
#[derive(Clone, Debug)]
pub struct Sources {
    file: Option<PathBuf>,
    environment: HashMap<String, String>,
    flags: Vec<(&'static str, String)>,
}

impl Sources {
    /// The environment of the process. Variables that do not begin with `TRACEMESH__` are not looked at; a list is written with commas.
    #[expect(clippy::new_without_default, reason = "a default that reads the environment would surprise")]
    pub fn new() -> Sources {
        Sources::with_environment(std::env::vars().collect())
    }

    /// These variables instead of the process's own.
    pub fn with_environment(environment: HashMap<String, String>) -> Sources {
        Sources { file: None, environment, flags: Vec::new() }
    }

    /// A TOML file below the environment.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>) -> Sources {
        Sources { file: Some(path.into()), ..self }
    }

    /// What a flag says, above everything: `.flag("listen.http", "127.0.0.1:0")`.
    #[must_use]
    pub fn flag(mut self, key: &'static str, value: impl ToString) -> Sources {
        self.flags.push((key, value.to_string()));
        self
    }

    pub(super) fn load(self) -> Result<NodeConfig, ConfigError> {
        let config: NodeConfig = overlay(self.layers()?)?;
        ConfigError::unless_none(check::rules(&config))?;
        Ok(config)
    }

    fn layers(self) -> Result<Vec<Layer>, ConfigError> {
        let mut layers = Vec::new();
        if let Some(path) = &self.file {
            let table = File::from(path.as_path()).format(FileFormat::Toml).collect().map_err(|why| ConfigError::unreadable(path, &why))?;
            layers.push(Layer { place: Place::File(path.display().to_string()), values: flatten(table) });
        }
        let variables = Environment::with_prefix(PREFIX).prefix_separator(SEPARATOR).separator(SEPARATOR);
        layers.push(Layer { place: Place::Environment, values: flatten(variables.source(Some(self.environment)).collect()?) });
        let flags = self.flags.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        layers.push(Layer { place: Place::Flags, values: flags });
        Ok(layers)
    }
}

/// Values from one place, by dotted key.
pub(super) struct Layer {
    pub(super) place: Place,
    pub(super) values: Vec<(String, Value)>,
}

/// A place, as a fault names it.
pub(super) enum Place {
    File(String),
    Environment,
    Flags,
    Section(String),
}

impl Place {
    fn of(&self, key: &str) -> String {
        match self {
            Place::File(path) => path.clone(),
            Place::Environment => {
                let variable = format!("{PREFIX}.{key}").replace('.', SEPARATOR).to_uppercase();
                format!("environment variable {variable}")
            }
            Place::Flags => "command line".into(),
            Place::Section(name) => format!("section [{name}]"),
        }
    }
}

/// Puts the layers over the defaults of `T`, whose keys are the only ones that are known.
pub(super) fn overlay<T>(layers: Vec<Layer>) -> Result<T, ConfigError>
where
    T: Default + Serialize + DeserializeOwned,
{
    let defaults = T::default();
    let known = serde_json::to_value(&defaults).map_err(|e| config::ConfigError::Foreign(Box::new(e)))?;
    let faults =
        layers.iter().flat_map(|layer| layer.values.iter().filter_map(|(key, _)| check::unknown_key(&known, key, || layer.place.of(key))));
    ConfigError::unless_none(faults.collect())?;
    let builder = Config::builder().add_source(Config::try_from(&defaults)?);
    let mut values = layers.into_iter().flat_map(|layer| layer.values);
    let builder = values.try_fold(builder, |builder, (key, value)| set(builder, &known, key, value))?;
    Ok(builder.build()?.try_deserialize()?)
}

/// Values are put in one by one: a later one replaces an earlier one, also a list, and is never mixed with it.
fn set(
    builder: ConfigBuilder<DefaultState>,
    known: &Known,
    key: String,
    value: Value,
) -> Result<ConfigBuilder<DefaultState>, config::ConfigError> {
    let value = match &value.kind {
        ValueKind::String(text) if check::is_list(known, &key) => {
            let parts: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
            Value::new(value.origin().map(str::to_owned).as_ref(), parts)
        }
        _ => value,
    };
    builder.set_override(key, value)
}

/// Tables as dotted keys.
pub(super) fn flatten(table: Map<String, Value>) -> Vec<(String, Value)> {
    let mut flat = Vec::new();
    for (name, value) in table {
        match value.kind {
            ValueKind::Table(inner) => flat.extend(flatten(inner).into_iter().map(|(key, value)| (format!("{name}.{key}"), value))),
            _ => flat.push((name, value)),
        }
    }
    flat.sort_by(|a, b| a.0.cmp(&b.0));
    flat
}
