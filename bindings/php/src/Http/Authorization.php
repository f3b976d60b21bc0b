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
        return Origin::same($request->getUri(), $token->origin())
            ? $request->withHeader(self::NAME, $token->authorization())
            : self::without($request, static fn (string $value): bool => $value === $token->authorization());
    }

    /**
     * An application's own header for another origin stays.
     *
     * @param \Closure(string): bool $isOurs
     */
    public static function without(RequestInterface $request, \Closure $isOurs): RequestInterface
    {
        $others = array_filter($request->getHeader(self::NAME), static fn (string $value): bool => !$isOurs($value));
        $request = $request->withoutHeader(self::NAME);
        return $others === [] ? $request : $request->withHeader(self::NAME, array_values($others));
    }
}
