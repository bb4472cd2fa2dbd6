//! What policies may ask of the world: the flags that allow it.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use palisade_abi::host::HOST_FUNCTIONS;
use palisade_abi::{HostCalls, HostFunctions};
use palisade_net::{AllowList, Network, Permissions};

use crate::misuse::misuse;

/// Which functions of the host a policy may call; the same for every command that compiles.
#[derive(Args, Clone, Debug, Default)]
pub struct AllowHostArgs {
    /// Let the policy call a function of its host; without it such a call is an error. May be repeated.
    #[arg(long, value_enum, value_name = "FUNCTION")]
    pub allow_host: Vec<Permission>,
}

/// What those functions may reach; the same for every command that evaluates.
#[derive(Args, Clone, Debug, Default)]
pub struct HostArgs {
    #[command(flatten)]
    allow: AllowHostArgs,
    /// A host that those functions may reach: HOST, HOST:PORT, unix:PATH, or `*` for all of them. Without one they reach
    /// nothing. May be repeated.
    #[arg(long, value_name = "HOST")]
    allow_net: Vec<String>,
}

/// A permission to call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Permission {
    /// http.send: HTTP requests.
    Http,
    /// net.lookup_ip_addr: addresses of host names.
    Dns,
}

impl Permission {
    fn name(self) -> &'static str {
        match self {
            Permission::Http => "http",
            Permission::Dns => "dns",
        }
    }
}

impl AllowHostArgs {
    /// The names of the functions in policies.
    pub fn names(&self) -> Vec<String> {
        let is_allowed = |permission| self.allow_host.iter().any(|it| it.name() == permission);
        let allowed = HOST_FUNCTIONS.iter().filter(|it| is_allowed(it.permission));
        allowed.map(|it| it.name.to_owned()).collect()
    }
}

impl HostArgs {
    /// The names of the functions in policies.
    pub fn names(&self) -> Vec<String> {
        self.allow.names()
    }

    /// The functions; none if nothing is allowed. Says on standard error if they can reach nothing.
    pub fn functions(&self) -> anyhow::Result<Option<Arc<dyn HostFunctions>>> {
        let allowed = &self.allow.allow_host;
        if allowed.is_empty() {
            return match self.allow_net.is_empty() {
                true => Ok(None),
                false => Err(misuse(
                    "--allow-net says what functions of the host may reach: say which with --allow-host http or dns",
                )),
            };
        }
        if self.allow_net.is_empty() {
            eprintln!("warning: --allow-host without --allow-net: no host can be reached");
        }
        let permissions = Permissions {
            http: allowed.contains(&Permission::Http),
            dns: allowed.contains(&Permission::Dns),
            hosts: AllowList::parse(&self.allow_net)
                .map_err(|error| misuse(format!("--allow-net: {error}")))?,
        };
        Ok(Some(Arc::new(Network::new(permissions))))
    }

    /// What one evaluation may ask; none if nothing is allowed.
    pub fn calls(&self) -> anyhow::Result<Option<Arc<HostCalls>>> {
        Ok(self.functions()?.map(|functions| Arc::new(HostCalls::new(functions))))
    }
}
