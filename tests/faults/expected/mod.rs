//! The expectations, in files that are named as the catalogue's are.

mod answers;
mod body;
mod cancel;
mod check;
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
mod proxy;
mod redirect;
mod reuse;
mod session;
mod timing;
mod tls;
mod token;
mod tunnel;
mod well_behaved;
