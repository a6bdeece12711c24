"""Weights and bands in the admin site as lists; by hand they are set on the campaign's page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaign.admin import ReadOnly
from organization.excel_admin import ExcelAdmin, ListResource
from scoring.lists import BANDS, WEIGHTS, import_bands, import_weights
from scoring.models import Band, Weight


class WeightList(ListResource):
    columns = WEIGHTS
    title = _("权重")

    def entries(self, weights):
        for weight in weights.select_related("campaign", "specialty"):
            code = weight.campaign.code
            cells = {
                "campaign": code,
                "specialty": str(weight.specialty),
                "percent": weight.percent,
            }
            yield (code, weight.specialty_id), cells

    def spoken_of(self, rows):
        return Weight.objects.filter(campaign__code__in={row["campaign"] for row in rows})

    def write(self, *, rows, by, at):
        import_weights(rows=rows, by=by, at=at)


class BandList(ListResource):
    columns = BANDS
    title = _("等级")

    def entries(self, bands):
        for band in bands.select_related("campaign"):
            cells = {column: getattr(band, column) for column in BANDS.words}
            yield (band.campaign.code, band.code), cells | {"campaign": band.campaign.code}

    def spoken_of(self, rows):
        return Band.objects.filter(campaign__code__in={row["campaign"] for row in rows})

    def write(self, *, rows, by, at):
        import_bands(rows=rows, by=by, at=at)


@admin.register(Weight)
class WeightAdmin(ReadOnly, ExcelAdmin):
    resource_classes = [WeightList]
    list_display = ["campaign", "specialty", "percent", "is_sample"]
    list_display_links = None
    list_filter = ["campaign"]
    list_select_related = ["campaign", "specialty"]


@admin.register(Band)
class BandAdmin(ReadOnly, ExcelAdmin):
    resource_classes = [BandList]
    list_display = ["campaign", "code", "name", "lowest", "highest"]
    list_display_links = None
    list_filter = ["campaign"]
    list_select_related = ["campaign"]
