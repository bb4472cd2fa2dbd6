//! `http.send`: from a request as a policy writes it to a response as a policy reads it.

mod cache;
mod connect;
mod error;
mod exchange;
mod freshness;
mod parameters;
mod redirect;
mod request;
mod response;
mod tls;

use std::time::Instant;

use palisade_abi::HostError;
use palisade_value::Value;

use crate::allow::AllowList;
use cache::{Cache, Stored};
use error::SendError;
use exchange::Client;
use request::Request;
use response::Response;

/// The client of all policies of a process, with their common cache.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    cache: Cache,
}

impl Http {
    pub(crate) fn new(hosts: AllowList) -> Http {
        Http { client: Client::new(hosts), cache: Cache::default() }
    }

    /// The response to a request, both as values. Unless the request says `"raise_error": false`, a failure is an error.
    pub(crate) fn send(
        &self,
        request: &Value,
        deadline: Option<Instant>,
    ) -> Result<Value, HostError> {
        let raises = parameters::raises_error(request).map_err(SendError::into_host)?;
        match self.answer(request, deadline) {
            Ok(response) => Ok(response),
            Err(SendError::Deadline) => Err(HostError::Deadline),
            Err(error) if raises => Err(error.into_host()),
            Err(error) => Ok(error.into_response()),
        }
    }

    fn answer(&self, object: &Value, deadline: Option<Instant>) -> Result<Value, SendError> {
        let request = Request::read(object)?;
        let response = match &request.caching {
            None => self.client.send(&request, &[], deadline)?,
            Some(_) => self.through_cache(&request, cache::key(object), deadline)?,
        };
        Ok(response.to_value(request.force_json, request.force_yaml))
    }

    /// The response from the cache, as long as it is fresh; or from the server, which may say that it still is right.
    fn through_cache(
        &self,
        request: &Request,
        key: String,
        deadline: Option<Instant>,
    ) -> Result<Response, SendError> {
        let known = self.cache.get(&key);
        let conditions = match &known {
            Some(known) if known.is_fresh() => return Ok(known.response.clone()),
            Some(known) => freshness::conditions(&known.response),
            None => Vec::new(),
        };
        let received = self.client.send(request, &conditions, deadline)?;
        let response = match known {
            Some(known) if received.status == freshness::NOT_MODIFIED && !conditions.is_empty() => {
                known.response.updated(&received)
            }
            _ => received,
        };
        let forced = request.caching.as_ref().and_then(|it| it.forced);
        match freshness::expiry(&response, forced) {
            Some(expires) => self.cache.put(key, Stored { response: response.clone(), expires }),
            None => self.cache.remove(&key),
        }
        Ok(response)
    }
}
