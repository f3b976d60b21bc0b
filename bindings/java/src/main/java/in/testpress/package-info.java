/**
 * Logs in to a Testpress institute: {@link in.testpress.Testpress#login(String, String, String)} in one call, {@link
 * in.testpress.Client} for more than one login, {@link in.testpress.Token} for the header.
 *
 * <p>All exceptions are {@link in.testpress.TestpressException}s, which are unchecked. {@code null} as an argument is a
 * {@link NullPointerException}.
 */
package in.testpress;
