<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Message\UriInterface;

/**
 * Scheme, host and port of an address: where a request goes to, whatever its path and its Host header say.
 *
 * @internal
 */
final class Origin
{
    private const PORTS = ['http' => 80, 'https' => 443];

    public static function same(UriInterface $uri, string $origin): bool
    {
        $parts = parse_url($origin);
        return self::text($uri->getScheme(), $uri->getHost(), $uri->getPort())
            === self::text($parts['scheme'], $parts['host'], $parts['port'] ?? null);
    }

    private static function text(string $scheme, string $host, ?int $port): string
    {
        $scheme = strtolower($scheme);
        return $scheme . '://' . strtolower($host) . ':' . ($port ?? self::PORTS[$scheme] ?? '');
    }
}
