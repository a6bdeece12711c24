from django.urls import path

from bench.bare import bare
from config.urls import urlpatterns as product

urlpatterns = [path("bench/bare/", bare), *product]
