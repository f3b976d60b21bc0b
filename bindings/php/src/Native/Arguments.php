<?php

declare(strict_types=1);

namespace Testpress\Native;

/**
 * Checks what only this side can: C would see a text with a NUL byte cut short.
 *
 * @internal
 */
final class Arguments
{
    private const DAY = 86_400_000;

    public static function text(string $name, #[\SensitiveParameter] string $text): string
    {
        if (str_contains($text, "\0")) {
            throw Failure::invalidArgument("$name: it has a NUL byte");
        }
        return $text;
    }

    /** An option's value as the library takes it. */
    public static function option(string $name, #[\SensitiveParameter] mixed $value): string
    {
        return match (true) {
            is_bool($value) => $value ? 'true' : 'false',
            is_string($value), $value instanceof \Stringable => self::text("option $name", (string) $value),
            is_int($value), is_float($value) => (string) $value,
            default => throw Failure::invalidArgument(
                "option $name: it takes a string, an integer or a boolean, not " . get_debug_type($value),
            ),
        };
    }

    /** Milliseconds for tp_call_new, to which 0 means something else. */
    public static function timeout(float $seconds): int
    {
        if (is_nan($seconds) || $seconds <= 0) {
            throw Failure::invalidArgument("timeout: it takes seconds, more than 0, not $seconds");
        }
        return (int) ceil(min($seconds * 1000, self::DAY));
    }
}
