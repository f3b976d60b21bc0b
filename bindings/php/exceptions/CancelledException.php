<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_CANCELLED: the call was cancelled. */
final class CancelledException extends TestpressException
{
}
