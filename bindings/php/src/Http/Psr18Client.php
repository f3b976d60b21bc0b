<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Testpress\Session;
use Testpress\TestpressException;
use Testpress\Token;

/**
 * A PSR-18 client that authorizes the requests to the origin of a token or a session, and sends them through another
 * PSR-18 client. With a session, a request that is answered with 401 is sent once more, with a new token.
 *
 * The other client must not follow redirects by itself: PSR-18 has it return them, and most clients do. One that
 * follows them decides on its own which headers go along.
 */
final class Psr18Client implements ClientInterface
{
    public function __construct(
        private readonly ClientInterface $client,
        private readonly Token|Session $credentials,
    ) {
    }

    /** @throws NoTokenException when the session has no token for it; beside those of the other client */
    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        try {
            $attempt = Attempt::of($request, $this->credentials);
        } catch (TestpressException $exception) {
            throw NoTokenException::because($exception);
        }
        $response = $this->client->sendRequest($attempt->request);
        $next = $attempt->after($response);
        return $next === null ? $response : $this->client->sendRequest($next);
    }
}
