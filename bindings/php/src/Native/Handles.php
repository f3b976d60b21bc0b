<?php

declare(strict_types=1);

namespace Testpress\Native;

use FFI\CData;
use Testpress\InvalidArgumentException;

/**
 * The native handle of each Client, Session and Token.
 *
 * It is no property of theirs, so that nothing that looks into an object (var_dump, var_export, casts, iteration) finds
 * it, and a copy made behind PHP's back has none.
 *
 * @internal
 */
final class Handles
{
    /** @var ?\WeakMap<object, Handle> */
    private static ?\WeakMap $handles = null;

    private static int $kept = 0;

    /**
     * @return int a number for the owner to have as a property: PHP takes objects of a class for equal (==) when their
     *     properties are, and without any they all would be
     */
    public static function keep(object $owner, CData $handle, string $free): int
    {
        self::$handles ??= self::start();
        self::$handles[$owner] = new Handle($handle, $free);
        return ++self::$kept;
    }

    /** For owners that have no close(): who asks has a reference to them, and so they stay. */
    public static function of(object $owner): CData
    {
        return self::handle($owner)->pointer() ?? throw self::closed($owner);
    }

    /**
     * Calls with the handle, which is not freed before that returns: a signal's handler may close the owner meanwhile.
     *
     * @template T
     * @param \Closure(CData): T $use
     * @return T
     */
    public static function lend(object $owner, #[\SensitiveParameter] \Closure $use): mixed
    {
        return self::handle($owner)->lend(
            static fn (?CData $handle): mixed => $use($handle ?? throw self::closed($owner)),
        );
    }

    public static function has(object $owner): bool
    {
        return isset(self::$handles[$owner]);
    }

    public static function free(object $owner): void
    {
        $handle = self::$handles[$owner] ?? null;
        unset(self::$handles[$owner]);
        $handle?->close();
    }

    private static function handle(object $owner): Handle
    {
        return self::$handles[$owner] ?? throw self::closed($owner);
    }

    private static function closed(object $owner): InvalidArgumentException
    {
        return Failure::invalidArgument('this ' . $owner::class . ' is closed');
    }

    private static function start(): \WeakMap
    {
        register_shutdown_function(static function (): void {
            // Once more at the end of the queue: an application's own shutdown functions may need its objects.
            register_shutdown_function(self::freeAfterFatalError(...));
        });
        return new \WeakMap();
    }

    /** PHP calls no destructor then, and the process goes on to serve other requests. */
    private static function freeAfterFatalError(): void
    {
        $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;
        if (((error_get_last()['type'] ?? 0) & $fatal) !== 0) {
            foreach (self::$handles as $handle) {
                $handle->free();
            }
        }
    }
}
