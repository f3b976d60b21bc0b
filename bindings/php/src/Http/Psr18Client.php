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
 * PSR-18 client. With a session, a request that is answered with 401 is sent once more, with a new token. The second
 * response is the caller's, whatever it is. When no token can be had, that is an exception, for either request.
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

    /** @throws NoTokenException when the session has no token, also after a 401; beside those of the other client */
    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        $attempt = self::reasoned(fn (): Attempt => Attempt::of($request, $this->credentials));
        do {
            $response = $this->client->sendRequest($attempt->request);
            $attempt = self::reasoned(static fn (): ?Attempt => $attempt->after($response));
        } while ($attempt !== null);
        return $response;
    }

    /** @param \Closure(): ?Attempt $make */
    private static function reasoned(\Closure $make): ?Attempt
    {
        try {
            return $make();
        } catch (TestpressException $exception) {
            throw NoTokenException::because($exception);
        }
    }
}
