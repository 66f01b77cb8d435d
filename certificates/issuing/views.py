"""My certificates, the PDF, and the staff list."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from certificates.issuing.actions import ensure_pdf, revoke
from certificates.issuing.forms import CertificateFilter, RevokeForm
from certificates.issuing.models import Certificate, CertificateStatus, IssuingProblem
from certificates.issuing.queries import certificates_of
from lms.access.decorators import allow
from lms.access.requests import SanzhenRequest
from lms.access.roles import Role
from lms.access.rules import coverage_readers, has_role, signed_in
from lms.kit.clock import current_date, current_time
from lms.kit.db import StaleState
from lms.organisations.models import Enterprise

revokers = has_role(Role.TOWN_SUPERVISOR, Role.ADMINISTRATOR)
EXPIRING = timedelta(days=60)


@allow(signed_in)
def my_certificates(request: SanzhenRequest) -> HttpResponse:
    """The signed-in person's certificates."""
    rows = certificates_of(request.user, on=current_date())
    return render(request, "certificates/issuing/mine.html", {"rows": rows, "tab": "me"})


@allow(signed_in)
def download(request: SanzhenRequest, pk: int) -> HttpResponseBase:
    """The PDF: the holder's own, or one of an enterprise in the asker's scope."""
    visible = Certificate.objects.filter(
        Q(person=request.user) | Q(pk__in=Certificate.objects.within(request.standing.scope).values("pk"))
    )
    certificate = ensure_pdf(get_object_or_404(visible.select_related("design"), pk=pk))
    name = f"{certificate.design.title}-{certificate.facts['name']}-{certificate.number}.pdf"
    inline = request.GET.get("show") == "1"
    return FileResponse(
        certificate.pdf.open("rb"), as_attachment=not inline, filename=name, content_type="application/pdf"
    )


@allow(coverage_readers)
def manage(request: SanzhenRequest) -> HttpResponse:
    """Certificates of the enterprises in scope, with filters in the address."""
    scope = request.standing.scope
    rows = filtered(Certificate.objects.within(scope).select_related("person", "enterprise", "design"), request)
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    today = current_date()
    problems = IssuingProblem.objects.select_related("person", "rule")
    if not scope.everything:
        problems = problems.filter(enterprise__in=Enterprise.objects.within(scope))
    context = {
        "page": page,
        "rows": [(row, row.state_on(today)) for row in page],
        "problems": list(problems[:20]),
        "soon": today + EXPIRING,
        "may_revoke": revokers(request),
    }
    return render(request, "certificates/issuing/manage.html", context)


def filtered(rows: QuerySet[Certificate], request: SanzhenRequest) -> QuerySet[Certificate]:
    """Apply the filters of the address; wrong ones are ignored."""
    form = CertificateFilter(request.GET)
    form.is_valid()
    today, wanted = current_date(), form.cleaned_data.get("state")
    valid = Q(status=CertificateStatus.VALID)
    states = {
        "valid": valid & Q(valid_until__gte=today),
        "expiring": valid & Q(valid_until__gte=today, valid_until__lte=today + EXPIRING),
        "expired": valid & Q(valid_until__lt=today),
        "revoked": Q(status=CertificateStatus.REVOKED),
    }
    if wanted:
        rows = rows.filter(states[wanted])
    text = form.cleaned_data.get("q")
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(person__name__icontains=text) | Q(person__username__istartswith=text)
        )
    return rows


@allow(revokers)
def revoke_certificate(request: SanzhenRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then revoke."""
    visible = Certificate.objects.within(request.standing.scope).select_related("person", "design")
    certificate = get_object_or_404(visible, pk=pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke(certificate=certificate, by=request.user, now=current_time(), reason=form.cleaned_data["reason"])
            messages.success(request, _("已撤销 %(number)s，覆盖率已随之更新。") % {"number": certificate.number})
        except StaleState:
            messages.warning(request, _("这张证书已经撤销过了。"))
        return redirect("certificates:manage")
    return render(request, "certificates/issuing/revoke.html", {"form": form, "certificate": certificate})
