//! What the fuzz targets share: the other end of a connection, what no error may say, and a program in C.

pub mod c_program;
pub mod local_server;
pub mod peer;
pub mod secrets;
