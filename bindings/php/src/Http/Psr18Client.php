<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Testpress\Token;

/**
 * A PSR-18 client that authorizes the requests to the token's origin, and sends them through another PSR-18 client.
 *
 * That one must not follow redirects by itself: PSR-18 has it return them, and most clients do. One that follows them
 * decides on its own which headers go along.
 */
final class Psr18Client implements ClientInterface
{
    public function __construct(private readonly ClientInterface $client, private readonly Token $token)
    {
    }

    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        return $this->client->sendRequest(Authorization::of($request, $this->token));
    }
}
