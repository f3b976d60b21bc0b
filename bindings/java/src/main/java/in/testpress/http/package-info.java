/** The token's header for requests of {@link java.net.http.HttpClient}. */
package in.testpress.http;
