<?php

declare(strict_types=1);

namespace Testpress\Http;

use GuzzleHttp\Exception\BadResponseException;
use GuzzleHttp\Promise\PromiseInterface;
use GuzzleHttp\Promise\RejectedPromise;
use GuzzleHttp\TransferStats;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\UriInterface;
use Testpress\Session;
use Testpress\Token;

/**
 * Authorizes the requests of a Guzzle client that go to the origin of a token or a session. With a session, a request
 * that is answered with 401 is sent once more, with a new token. The second response is the caller's, whatever it is.
 * When no token can be had, for either request, Guzzle throws the TestpressException.
 *
 *     $stack = GuzzleHttp\HandlerStack::create();
 *     $stack->push(new Testpress\Http\GuzzleMiddleware($token), 'testpress');
 *     $http = new GuzzleHttp\Client(['handler' => $stack, 'base_uri' => $token->origin()]);
 *
 * Pushed, it sees every request of a redirect by itself, and decides for each. Put outside the redirects (unshift), it
 * sees the first one only, and Guzzle drops the header where the origin changes (since 7.4.5).
 */
final class GuzzleMiddleware
{
    public function __construct(private readonly Token|Session $credentials)
    {
    }

    /** @param callable(RequestInterface, array<string, mixed>): mixed $handler */
    public function __invoke(callable $handler): \Closure
    {
        return function (RequestInterface $request, array $options) use ($handler): mixed {
            $attempt = Attempt::of($request, $this->credentials);
            if (!$attempt->isRenewable()) {
                return $handler($attempt->request, $options);
            }
            $attempt = self::canTakeAnotherAnswer($options) ? $attempt : $attempt->asLast();
            return self::send($handler, $attempt, $options, $this->credentials->origin());
        };
    }

    /** @param array<string, mixed> $options */
    private static function send(
        callable $handler,
        Attempt $attempt,
        array $options,
        string $origin,
    ): PromiseInterface {
        $reached = $attempt->request->getUri();
        $watched = ['on_stats' => self::watch($reached, $options['on_stats'] ?? null)] + $options;
        $again = static function (?ResponseInterface $response) use ($handler, $attempt, $options, $origin, &$reached) {
            // Behind a redirect the 401 may be another server's, and say nothing about the token.
            $next = $response !== null && Origin::same($reached, $origin) ? $attempt->after($response) : null;
            return $next === null ? null : self::send($handler, $next, $options, $origin);
        };
        return $handler($attempt->request, $watched)->then(
            static fn (ResponseInterface $response): mixed => $again($response) ?? $response,
            // Outside of Guzzle's http_errors a 401 is an exception.
            static fn (mixed $reason): PromiseInterface =>
                $again($reason instanceof BadResponseException ? $reason->getResponse() : null)
                ?? new RejectedPromise($reason),
        );
    }

    /** Guzzle tells the address of each request that it has sent. */
    private static function watch(UriInterface &$reached, ?callable $also): \Closure
    {
        return static function (TransferStats $stats) use (&$reached, $also): void {
            $reached = $stats->getEffectiveUri();
            if ($also !== null) {
                $also($stats);
            }
        };
    }

    /**
     * The body of a 401 that has gone into a stream of the caller's can't be taken out of it; a file is begun anew.
     *
     * @param array<string, mixed> $options
     */
    private static function canTakeAnotherAnswer(array $options): bool
    {
        return is_string($options['sink'] ?? '');
    }
}
