<?php

declare(strict_types=1);

namespace Testpress\Native;

use FFI\CData;

/**
 * The native handle of each Client and Token.
 *
 * It is no property of theirs, so that nothing that looks into an object (var_dump, var_export, casts, iteration) finds
 * it, and a copy made behind PHP's back has none.
 *
 * @internal
 */
final class Handles
{
    /** @var ?\WeakMap<object, array{CData, string}> the handle, and the function that frees it */
    private static ?\WeakMap $handles = null;

    private static int $kept = 0;

    /**
     * @return int a number for the owner to have as a property: PHP takes objects of a class for equal (==) when their
     *     properties are, and without any they all would be
     */
    public static function keep(object $owner, CData $handle, string $free): int
    {
        self::$handles ??= self::start();
        self::$handles[$owner] = [$handle, $free];
        return ++self::$kept;
    }

    public static function of(object $owner): CData
    {
        return self::$handles[$owner][0] ?? throw Failure::invalidArgument('this ' . $owner::class . ' is closed');
    }

    public static function has(object $owner): bool
    {
        return isset(self::$handles[$owner]);
    }

    public static function free(object $owner): void
    {
        if (self::has($owner)) {
            [$handle, $free] = self::$handles[$owner];
            unset(self::$handles[$owner]);
            Bridge::get()->library->$free($handle);
        }
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
            $owners = [];
            foreach (self::$handles as $owner => $handle) {
                $owners[] = $owner;
            }
            array_map(self::free(...), $owners);
        }
    }
}
