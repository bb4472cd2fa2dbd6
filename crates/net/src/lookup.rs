//! `net.lookup_ip_addr`: the addresses of a host.

use std::net::ToSocketAddrs;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use palisade_abi::{ErrorCode, HostError};
use palisade_value::{AnyValue, Value};

use crate::allow::AllowList;
use crate::network::time_left;

/// The longest that a lookup may take where the evaluation has no deadline.
const LOOKUP_MAX: Duration = Duration::from_secs(30);

/// The addresses of the host that the argument names, as an array of their texts.
pub(crate) fn addresses(
    argument: &Value,
    hosts: &AllowList,
    deadline: Option<Instant>,
) -> Result<Value, HostError> {
    let failed = |message: String| HostError::failed(ErrorCode::Builtin, message);
    let Some(name) = argument.as_str() else {
        let message = format!("operand 1 must be string but got {}", argument.kind().name());
        return Err(HostError::failed(ErrorCode::Type, message));
    };
    if !hosts.allows_lookup(name) {
        return Err(failed(format!("unallowed host: {name}")));
    }
    let time = time_left(deadline)?;
    let (answer, answered) = mpsc::sync_channel(1);
    let owned = name.to_owned();
    // The system's resolver can't be told when to give up. A thread that comes too late finds nobody to tell.
    let resolver = move || {
        let found = (owned.as_str(), 0_u16).to_socket_addrs();
        let _ = answer.send(found.map(|all| all.map(|it| it.ip().to_string()).collect::<Vec<_>>()));
    };
    std::thread::Builder::new()
        .name("palisade-lookup".to_owned())
        .spawn(resolver)
        .map_err(|error| failed(error.to_string()))?;
    match answered.recv_timeout(time.unwrap_or(LOOKUP_MAX)) {
        Ok(Ok(mut addresses)) => {
            addresses.sort();
            addresses.dedup();
            Ok(Value::array(addresses.iter().map(|it| Value::text(it)).collect()))
        }
        Ok(Err(error)) => Err(failed(format!("lookup {name}: {error}"))),
        Err(RecvTimeoutError::Timeout) if deadline.is_some() => Err(HostError::Deadline),
        Err(_) => Err(failed(format!("lookup {name}: no answer"))),
    }
}
