<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Client\ClientExceptionInterface;
use Testpress\Native\Failure;
use Testpress\TestpressException;

/**
 * A request was not sent, or not once more after a 401, as the session could not get a token for it; getPrevious() is
 * the TestpressException that says why. PSR-18 lets a client throw nothing but exceptions of its own kind.
 */
final class NoTokenException extends \RuntimeException implements ClientExceptionInterface
{
    /**
     * @internal
     */
    public static function because(TestpressException $reason): self
    {
        return Failure::withoutArguments(
            static fn () => new self($reason->getMessage(), $reason->getCode(), $reason),
        );
    }
}
