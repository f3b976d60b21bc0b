/** The token's header for requests of OkHttp. */
package in.testpress.okhttp;
