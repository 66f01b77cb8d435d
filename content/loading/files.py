"""Figures and media of lessons as Wagtail images and documents, each file once."""

from hashlib import sha1
from pathlib import Path

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model


def digest_of(path: Path) -> str:
    """The hash by which Wagtail knows files."""
    return sha1(path.read_bytes(), usedforsecurity=False).hexdigest()


def image_for(path: Path, *, title: str) -> int:
    """The key of the image with this file's content, made if missing."""
    model = get_image_model()
    found = model.objects.filter(file_hash=digest_of(path)).values_list("pk", flat=True).first()
    if found is None:
        content = path.read_bytes()
        image = model(title=title[:255], file=ContentFile(content, name=path.name))
        image._set_file_hash()
        image.file_size = len(content)
        image.save()
        found = image.pk
    return found


def document_for(path: Path, *, title: str) -> int:
    """The key of the document with this file's content, made if missing."""
    model = get_document_model()
    found = model.objects.filter(file_hash=digest_of(path)).values_list("pk", flat=True).first()
    if found is None:
        content = path.read_bytes()
        document = model(title=title[:255], file=ContentFile(content, name=path.name))
        document._set_document_file_metadata()
        document.save()
        found = document.pk
    return found
