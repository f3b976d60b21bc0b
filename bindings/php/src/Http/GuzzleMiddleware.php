<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Message\RequestInterface;
use Testpress\Token;

/**
 * Authorizes the requests of a Guzzle client that go to the token's origin.
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
    public function __construct(private readonly Token $token)
    {
    }

    /** @param callable(RequestInterface, array<string, mixed>): mixed $handler */
    public function __invoke(callable $handler): \Closure
    {
        return fn (RequestInterface $request, array $options): mixed =>
            $handler(Authorization::of($request, $this->token), $options);
    }
}
