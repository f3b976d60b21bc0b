//! The expectations, in files that are named as the catalogue's are.

mod answers;
mod body;
mod cancel;
mod chunked;
mod claims;
mod complete;
mod connect;
mod deadline;
mod head;
mod json;
mod length;
mod login;
mod lost;
mod redirect;
mod reuse;
mod timing;
mod tls;
mod token;
mod well_behaved;
