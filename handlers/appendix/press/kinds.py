"""Which kinds of files the press takes."""

PDF = "application/pdf"
PDFS = frozenset({PDF, "application/x-pdf"})
PICTURES = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/tiff", "image/bmp", "image/webp", "image/x-ms-bmp"}
)
PRESSED = PDFS | PICTURES
