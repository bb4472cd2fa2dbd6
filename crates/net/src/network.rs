//! The network as the host functions of policies.

use std::time::{Duration, Instant};

use palisade_abi::{ErrorCode, HostCall, HostError, HostFunctions};
use palisade_value::{Value, json};

use crate::allow::AllowList;
use crate::http::Http;
use crate::lookup;

/// What policies may do.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    /// Whether they may call `http.send`.
    pub http: bool,
    /// Whether they may call `net.lookup_ip_addr`.
    pub dns: bool,
    /// The hosts that they may name.
    pub hosts: AllowList,
}

/// The network, within the limits of some permissions.
#[derive(Debug)]
pub struct Network {
    permissions: Permissions,
    http: Http,
}

impl Network {
    /// The network with these permissions and an empty cache.
    pub fn new(permissions: Permissions) -> Network {
        let http = Http::new(permissions.hosts.clone());
        Network { permissions, http }
    }
}

impl HostFunctions for Network {
    fn allows(&self, name: &str) -> bool {
        match name {
            "http.send" => self.permissions.http,
            "net.lookup_ip_addr" => self.permissions.dns,
            _ => false,
        }
    }

    fn call(&self, call: &HostCall<'_>) -> Result<String, HostError> {
        let arguments: Value = json::parse(call.arguments)
            .map_err(|error| HostError::failed(ErrorCode::Host, error.to_string()))?;
        let [argument] = arguments.items() else {
            return Err(HostError::failed(ErrorCode::Host, "it takes one argument"));
        };
        let result = match call.name {
            "http.send" => self.http.send(argument, call.deadline),
            "net.lookup_ip_addr" => {
                lookup::addresses(argument, &self.permissions.hosts, call.deadline)
            }
            _ => Err(HostError::failed(ErrorCode::Host, "there is no such function")),
        };
        result.map(|value| json::to_json(&value))
    }
}

/// How long is left until a deadline; `None` where there is none.
///
/// # Errors
/// It has passed.
pub(crate) fn time_left(deadline: Option<Instant>) -> Result<Option<Duration>, HostError> {
    match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
        Some(Duration::ZERO) => Err(HostError::Deadline),
        left => Ok(left),
    }
}
