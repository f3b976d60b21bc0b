<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Message\RequestInterface;
use Testpress\Token;

/**
 * Gives a request the token's header if it goes to the token's origin, and takes it away if it goes elsewhere.
 *
 * @internal
 */
final class Authorization
{
    private const NAME = 'Authorization';

    public static function of(RequestInterface $request, Token $token): RequestInterface
    {
        if (Origin::same($request->getUri(), $token->origin())) {
            return $request->withHeader(self::NAME, $token->authorization());
        }
        // An application's own header for another origin stays.
        $others = array_diff($request->getHeader(self::NAME), [$token->authorization()]);
        $request = $request->withoutHeader(self::NAME);
        return $others === [] ? $request : $request->withHeader(self::NAME, array_values($others));
    }
}
